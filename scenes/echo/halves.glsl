// A picture has two halves: ours left and theirs right, or in a tall picture ours below and theirs above. A gesture in
// its half is 0 to 1 both ways, x from the outer edge to the seam: so what is seen over there is seen as in a mirror.
vec2 placed(vec2 h, float side, vec2 shape) {
    bool tall = shape.x < 0.9;
    float length_ = tall ? 0.5 : 0.5 * shape.x;                  // of a half, from its edge to the seam
    float out_ = side * length_ * (1.0 - (0.06 + 0.86 * h.x));
    return tall ? vec2((h.y - 0.5) * shape.x * 0.92 * -side, out_) : vec2(out_, (h.y - 0.5) * 0.92);
}

// From a point of the picture: how far across the seam (-1 our edge, 1 theirs), and along it (-0.5 to 0.5).
vec2 seam(vec2 p, vec2 shape) {
    return shape.x < 0.9 ? vec2(p.y * 2.0, p.x / shape.x) : vec2(p.x / shape.x * 2.0, p.y);
}
