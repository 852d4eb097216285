// What air and film both know: how each side breathes, and where the two sides are in a picture of any shape.
// A breath is a bare function of time and of a few values, so both cities draw the same one.

// The line from us to them: level in a wide picture, upright in a tall one, aslant in a square.
vec2 along(vec2 p, vec2 shape) {
    float lean = 1.5707963 * smoothstep(1.35, 0.75, shape.x);
    return vec2(cos(lean) * p.x + sin(lean) * p.y, -sin(lean) * p.x + cos(lean) * p.y);
}

float reach(vec2 shape) { return 0.5 * clamp(max(shape.x, 0.86), 0.86, 1.45); }

// How full a lung is, `late` seconds ago: in for two parts of a breath, out for three, eased at both ends.
float swell(float turn) {
    float f = turn - floor(turn);
    float way = f < 0.42 ? f / 0.42 : 1.0 - (f - 0.42) / 0.58;
    return way * way * (3.0 - 2.0 * way);
}

// side -1: ours. side 1: theirs. Apart, theirs wanders about ours;
// with `accord` the moments are drawn together, and theirs follows ours by the delay of the line and no more.
float lung(float side, float late) {
    float turn = (TIME - late) / pace;
    float astray = 0.37 + 0.16 * sin(6.2831853 * TIME / 72.0);
    float theirs = turn + astray * (1.0 - accord) - link_delay / pace;
    float full = swell(turn);
    if (side > 0.0) full = mix(swell(theirs), swell(0.5 * turn), night);       // a sleeper's breath, half as quick
    float depth = side < 0.0 ? mix(0.45, 1.0, near) : mix(mix(0.45, 1.0, near_twin), 0.75, night);
    full = 0.5 + (full - 0.5) * depth;
    return mix(full, 0.86, rupture);                                           // held
}
