/*{
  "ISFVSN": "2",
  "DESCRIPTION": "What a filter or a transition is shown on: a bay with a city, by day or by night.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "night", "LABEL": "Night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// For the contact sheet. It has what filters work on: soft gradients, hard edges, points of light, fine lines, a
// saturated colour, a face of darkness; and it does not move, so that what moves is the filter.

float hash(vec2 p) {
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}
float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
float cloud(vec2 p) {
    return 0.5 * noise(p) + 0.25 * noise(p * 2.1 + 3.0) + 0.125 * noise(p * 4.3 + 9.0) + 0.0625 * noise(p * 8.7 + 5.0);
}
float hill(float x, float seed, float high) {
    return high * (0.55 * noise(vec2(x * 1.7 + seed, seed)) + 0.3 * noise(vec2(x * 4.0, seed + 7.0)) + 0.06 * noise(vec2(x * 16.0, seed)));
}
vec3 sky(vec2 p, vec2 sun) {
    float up = clamp(p.y * 1.6, 0.0, 1.0);
    vec3 day = mix(vec3(0.99, 0.63, 0.38), vec3(0.24, 0.46, 0.67), pow(up, 0.6));
    vec3 dark = mix(vec3(0.12, 0.17, 0.33), vec3(0.015, 0.02, 0.07), pow(up, 0.55));
    vec3 col = mix(day, dark, night);
    float far = length(p - sun);
    col += mix(vec3(1.0, 0.55, 0.22), vec3(0.30, 0.38, 0.55), night) * 0.32 * exp(-far * mix(3.2, 7.0, night));
    float veil = smoothstep(0.38, 0.72, cloud(vec2(p.x * 2.2 + 1.0, p.y * 7.0 + 2.0)));
    col = mix(col, mix(vec3(1.0, 0.80, 0.66), vec3(0.10, 0.13, 0.24), night), veil * 0.5 * smoothstep(0.02, 0.25, p.y));
    col = mix(col, mix(vec3(1.0, 0.95, 0.80), vec3(0.94, 0.95, 0.90), night), smoothstep(0.003, -0.003, far - mix(0.085, 0.055, night)));
    vec2 cell = floor(p * 90.0);
    float star = step(0.988, hash(cell)) * smoothstep(0.4, 0.0, length(fract(p * 90.0) - 0.5));
    return col + star * night * smoothstep(0.08, 0.3, p.y) * (0.4 + 0.6 * hash(cell + 5.0));
}
vec3 land(vec2 p, vec2 sun) {                       // everything above the water
    vec3 col = sky(p, sun);
    float x = p.x;
    vec3 haze = mix(vec3(0.80, 0.50, 0.42), vec3(0.07, 0.10, 0.20), night);
    col = mix(col, haze, smoothstep(0.002, -0.002, p.y - hill(x, 2.0, 0.24)));
    col = mix(col, haze * 0.62, smoothstep(0.002, -0.002, p.y - hill(x, 5.0, 0.15)));
    float block = floor(x * 26.0), inside = fract(x * 26.0);
    float tall = (0.03 + 0.16 * pow(hash(vec2(block, 3.0)), 2.0)) * smoothstep(0.95, 0.15, abs((block + 0.5) / 26.0 + 0.05));
    float house = step(p.y, tall) * step(0.06, inside);
    vec2 pane = vec2(x * 26.0 * 4.0, p.y * 90.0);
    float lit = step(mix(0.93, 0.62, night), hash(floor(pane))) * step(0.3, fract(pane.x)) * step(0.35, fract(pane.y));
    vec3 wall = mix(vec3(0.20, 0.13, 0.16), vec3(0.02, 0.025, 0.05), night) * (0.8 + 0.4 * inside);
    return mix(col, wall + lit * mix(vec3(0.5, 0.3, 0.2), vec3(1.0, 0.72, 0.36), night), house);
}
void main() {
    vec2 p = (gl_FragCoord.xy - vec2(0.5, 0.40) * RENDERSIZE) / RENDERSIZE.y;
    vec2 sun = mix(vec2(0.34, 0.14), vec2(-0.38, 0.40), night);
    vec3 col;
    if (p.y > 0.0) col = land(p, sun);
    else {
        float deep = -p.y;
        float wave = (noise(vec2(p.x * 12.0 / (0.12 + deep), 26.0 * log(0.03 + deep))) - 0.5) * (0.015 + deep * 0.22);
        col = land(vec2(p.x + wave, max(0.001, deep * 0.92 + wave * 0.6)), sun) * mix(vec3(0.72, 0.74, 0.80), vec3(0.60, 0.66, 0.78), night);
        col = mix(col, mix(vec3(0.10, 0.22, 0.30), vec3(0.01, 0.02, 0.05), night), smoothstep(0.0, 0.55, deep) * 0.75);
    }
    // One boat with a red sail, so that there is one pure colour.
    vec2 b = (p - vec2(-0.30, -0.16)) * 1.0;
    float sail = step(0.0, b.y) * step(b.y, 0.20) * step(-0.10 * (1.0 - b.y / 0.20), b.x) * step(b.x, 0.004);
    col = mix(col, mix(vec3(0.86, 0.12, 0.08), vec3(0.34, 0.05, 0.07), night) * (1.0 + b.x * 3.0), sail);
    float hull = step(-0.035, b.y) * step(b.y, -0.006) * step(abs(b.x + 0.03), 0.11 + b.y);
    col = mix(col, mix(vec3(0.09, 0.06, 0.07), vec3(0.01, 0.01, 0.02), night), hull);
    col += vec3(1.0, 0.7, 0.35) * night * 0.006 / (0.004 + dot(b + vec2(0.12, -0.02), b + vec2(0.12, -0.02)) * 60.0) * 0.9;
    gl_FragColor = vec4(col, 1.0);
}
