/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The quiet picture before the first feed: two lights that have not met yet.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "light", "LABEL": "Light", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0}
  ]
}*/

// Shown while a stage waits for its first values. A visitor may see it, so it must be a picture, not a notice:
// nothing to read, nothing that blinks, and nothing that could be taken for a fault.

float hash(vec2 p) {
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

void main() {
    // In units of the shorter side, so that the two lights keep their shape on any wall.
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
    // Two breaths of slightly different length: together, apart, together again in about four minutes.
    float west = 0.5 + 0.5 * sin(TIME * 0.42);
    float east = 0.5 + 0.5 * sin(TIME * 0.39 + 1.3);
    vec2 a = p + vec2(0.20, 0.0), b = p - vec2(0.20, 0.0);
    float wide = 1.0 / (1.0 + dot(a, a) * mix(34.0, 22.0, west));
    float cool = 1.0 / (1.0 + dot(b, b) * mix(34.0, 22.0, east));
    vec3 col = vec3(0.012, 0.013, 0.020);
    col += vec3(0.62, 0.33, 0.17) * wide * wide * (0.30 + 0.20 * west);
    col += vec3(0.12, 0.40, 0.46) * cool * cool * (0.30 + 0.20 * east);
    // One thin line of water carries both.
    float line = 1.0 / (1.0 + p.y * p.y * 90000.0);
    col += mix(vec3(0.95, 0.62, 0.38), vec3(0.40, 0.80, 0.82), smoothstep(-0.3, 0.3, p.x)) * line * (wide + cool) * 0.30;
    col = col * light + (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
