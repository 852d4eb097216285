/*{
    "DESCRIPTION": "The test pattern, to line a projector up: grid, circles, corners, grey steps and the window's name.",
    "CREDIT": "Jumelage",
    "CATEGORIES": ["Engine"],
    "INPUTS": [{"NAME": "words", "TYPE": "image"}]
}*/

float line(float away, float width) {
    return 1.0 - smoothstep(width * 0.5, width * 0.5 + 1.0, abs(away));
}

void main() {
    vec2 size = RENDERSIZE, p = gl_FragCoord.xy, c = p - size * 0.5;
    float unit = min(size.x, size.y), cell = unit / 12.0;
    vec2 g = mod(c + cell * 0.5, cell) - cell * 0.5;
    vec3 color = vec3(0.07) + 0.30 * max(line(g.x, 1.0), line(g.y, 1.0));
    float r = length(c);
    float rings = max(line(r - unit * 0.48, 2.0), max(line(r - unit * 0.25, 1.5), line(r - unit * 0.125, 1.0)));
    color = mix(color, vec3(0.85, 0.90, 0.95), rings);
    color = mix(color, vec3(0.85, 0.90, 0.95), max(line(c.x, 1.0), line(c.y, 1.0)));
    vec2 corner = size * 0.5 - abs(c);
    float arms = min(corner.x, corner.y) < 4.0 && max(corner.x, corner.y) < cell * 1.5 ? 1.0 : 0.0;
    vec3 tint = c.y > 0.0 ? (c.x < 0.0 ? vec3(1.0, 0.25, 0.2) : vec3(0.25, 1.0, 0.35))
                          : (c.x < 0.0 ? vec3(0.3, 0.5, 1.0) : vec3(1.0, 0.9, 0.2));
    color = mix(color, tint, arms);
    if (min(corner.x, corner.y) < 1.0) color = vec3(1.0);
    vec2 bar = (c + vec2(0.0, unit * 0.36)) / vec2(unit * 0.6, unit * 0.07) + 0.5;
    if (all(greaterThan(bar, vec2(0.0))) && all(lessThan(bar, vec2(1.0)))) color = vec3(floor(bar.x * 11.0) / 10.0);
    vec2 text = vec2(c.x / (unit * 0.78), (c.y - unit * 0.30) / (unit * 0.78) * IMG_SIZE(words).x / IMG_SIZE(words).y) + 0.5;
    if (all(greaterThan(text, vec2(0.0))) && all(lessThan(text, vec2(1.0)))) {
        vec4 t = IMG_NORM_PIXEL(words, text);
        color = mix(color * (1.0 - 0.75 * step(0.0, t.a)), t.rgb, t.a);
    }
    gl_FragColor = vec4(color, 1.0);
}
