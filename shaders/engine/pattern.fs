/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Line-up picture for projectors: square grid, circles, centre cross, corner marks, grey steps, primary colours.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "light", "LABEL": "Light", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0}
  ]
}*/

// What each mark is for: the outermost line is the first and last pixel, so a lost edge is seen at once; the
// squares and circles show a wrong aspect or a bent corner; the four corners have four colours, so a flipped or
// turned picture cannot hide; the grey steps show gamma, black level and the seam of a blend; the fine lines at
// the centre show focus and a scaler at work (one pixel on, one off: even grey means something resampled them).

// Coverage of a line `half_width` pixels to either side of zero.
float stroke(float distance_, float half_width) {
    return clamp(half_width + 0.5 - abs(distance_), 0.0, 1.0);
}

void main() {
    vec2 size = RENDERSIZE;
    vec2 px = gl_FragCoord.xy;
    vec2 c = px - 0.5 * size;                            // from the centre, in pixels
    float shorter = min(size.x, size.y);
    float cell = shorter / 8.0;                          // eight squares on the shorter side, always square
    float unit = max(0.5, shorter / 1440.0);
    vec3 ivory = vec3(0.93, 0.90, 0.84), amber = vec3(1.00, 0.62, 0.25), sea = vec3(0.25, 0.78, 0.78);

    vec3 col = vec3(0.030, 0.034, 0.042);

    // Grid, counted from the centre outwards.
    vec2 g = (fract(c / cell + 0.5) - 0.5) * cell;
    vec2 h = (fract(c / cell) - 0.5) * cell;
    col = mix(col, ivory * 0.30, max(stroke(h.x, unit * 0.5), stroke(h.y, unit * 0.5)) * 0.8);
    col = mix(col, ivory * 0.42, max(stroke(g.x, unit * 0.5), stroke(g.y, unit * 0.5)));

    // Grey steps below the middle, a smooth ramp beneath them: eleven steps from black to white.
    float u = c.x / (cell * 5.5) * 0.5 + 0.5;
    if (u > 0.0 && u < 1.0) {
        if (c.y < -cell * 1.5 && c.y > -cell * 2.0) col = vec3(floor(u * 11.0) / 10.0);
        if (c.y <= -cell * 2.0 && c.y > -cell * 2.5) col = vec3(u);
        if (c.y > cell * 1.5 && c.y < cell * 2.0) {
            float n = floor(u * 6.0);                    // red yellow green cyan blue magenta
            col = clamp(abs(mod(n + vec3(0.0, 4.0, 2.0), 6.0) - 3.0) - 1.0, 0.0, 1.0);
        }
    }

    // Circles: a large one that touches the nearer edges, one in each corner, a small one at the centre.
    float r = length(c);
    col = mix(col, amber, stroke(r - (0.5 * shorter - unit * 2.0), unit));
    col = mix(col, sea, stroke(r - cell, unit));
    vec2 q = abs(c) - (0.5 * size - cell);
    col = mix(col, ivory * 0.8, stroke(length(q) - cell * 0.8, unit));

    // Diagonals and the centre cross.
    float diagonal = (c.x * size.y - abs(c.y) * size.x * sign(c.x)) / length(size);
    col = mix(col, ivory * 0.34, stroke(diagonal, unit * 0.5) * step(cell, r));
    float cross_ = max(stroke(c.x, unit) * step(abs(c.y), cell * 4.0), stroke(c.y, unit));
    col = mix(col, ivory, cross_ * step(cell * 0.5, r));

    // One pixel on, one off: left half upright, right half lying.
    if (r < cell * 0.5) col = vec3(mod(floor(c.x < 0.0 ? px.x : px.y), 2.0));

    // Corner marks: amber top left, sea top right, rose bottom left, ivory bottom right.
    vec2 e = 0.5 * size - abs(c);
    vec3 corner = c.y > 0.0 ? (c.x < 0.0 ? amber : sea) : (c.x < 0.0 ? vec3(0.95, 0.42, 0.50) : ivory);
    float thick = max(2.0, unit * 6.0);
    if (max(e.x, e.y) < cell * 0.75 && min(e.x, e.y) < thick) col = corner;
    // An arrow that says which way is up.
    vec2 up = vec2(abs(c.x), c.y - cell * 3.45);
    if (up.y < 0.0 && up.y > -cell * 0.42 && up.x < -up.y * 0.55) col = amber;

    // The first and the last pixel of each side.
    if (min(e.x, e.y) < 1.0) col = vec3(1.0);
    gl_FragColor = vec4(col * light, 1.0);
}
