// Frost: ferns of ice that grow from many roots, six ways from each; `grown` says how far. Needs hash().

// Distance-like measure to a fern growing along +x from the origin: a stem, barbs at 60°, barblets on the barbs.
float fern(vec2 d, float len) {
    float along_ = d.x / len, side = abs(d.y);
    float stem = side + 0.02 * max(0.0, along_ - 0.9);
    float best = along_ > 0.0 && along_ < 1.0 ? stem / (0.010 * (1.15 - along_)) : 9.0;
    float scale = len / 9.0;
    float reach = (1.0 - along_) * len * 0.42;
    vec2 r = vec2(d.x - side * 0.577, side * 1.155);              // along the barbs
    float n = fract(r.x / scale + 0.5) - 0.5;
    float foot = r.x / len;
    if (foot > 0.03 && foot < 0.97) {
        float far = r.y / max((1.0 - foot) * len * 0.42, 1e-3);
        best = min(best, abs(n) * scale * 0.866 / (0.0052 * max(0.0, 1.05 - far)) + 6.0 * step(1.0, far));
        float small = scale * 0.42, m = fract(r.y / small) - 0.5;
        float out_ = abs(n) * scale / (0.40 * scale);
        best = min(best, abs(m - out_ * 0.45) * small / (0.0038 * max(0.02, 1.0 - out_)) + 6.0 * step(1.0, far) + 2.0 * out_);
    }
    return best;
}

// Ice at p: its colour, and how much of it lies there; nothing is worked out where `rounds` is 0.
vec4 frost(vec2 p, int rounds) {
    vec2 g = p * 2.3, c = floor(g);
    float near = 9.0;
    for (int j = -1; j < 3 * rounds - 1; j++) for (int i = -1; i <= 1; i++) {
        vec2 cell = c + vec2(float(i), float(j));
        vec2 root = (cell + vec2(hash(cell), hash(cell + 17.0))) / 2.3;
        float first = hash(cell + 5.0) * 1.0472;
        vec2 d = p - root;
        float turn = (atan(d.y, d.x) - first) / 1.0472;
        float a = first + floor(turn + 0.5) * 1.0472;
        vec2 q = vec2(cos(a) * d.x + sin(a) * d.y, -sin(a) * d.x + cos(a) * d.y);
        float len = (0.30 + 0.26 * hash(cell + floor(turn + 0.5) + 41.0)) * grown;
        float f = fern(q, max(len, 1e-3));
        near = min(near, f);
    }
    float soft = 2.6 / RENDERSIZE.y / 0.006;
    float line = smoothstep(1.0 + soft, 0.35, near);
    float bloom = exp2(-near * 0.55);
    float dust = hash(floor(p * 240.0)) * 0.12;
    vec3 col = mix(vec3(0.72, 0.84, 0.94), vec3(1.0, 0.99, 0.97), line);
    return vec4(col, grown * clamp(0.92 * line + 0.34 * bloom + dust + 0.08, 0.0, 1.0));
}
