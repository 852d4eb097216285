/*{
    "DESCRIPTION": "The first picture, before control has spoken: a slow horizon under which light waits.",
    "CREDIT": "Jumelage",
    "CATEGORIES": ["Engine"]
}*/

float drift(float x, float slow) {
    return sin(x * 2.1 + slow) * 0.5 + sin(x * 3.7 - slow * 1.3) * 0.3 + sin(x * 7.3 + slow * 0.7) * 0.2;
}

// One step of an 8-bit screen, spread so that a dark gradient shows no bands.
float grain(vec2 p) {
    return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))) - 0.5;
}

void main() {
    vec2 p = isf_FragNormCoord;
    float x = (p.x - 0.5) * RENDERSIZE.x / RENDERSIZE.y;
    float line = 0.42 + 0.018 * drift(x, TIME * 0.15);
    float away = p.y - line;
    float breath = 0.5 + 0.5 * sin(TIME * 0.4);
    vec3 night = mix(vec3(0.020, 0.026, 0.055), vec3(0.050, 0.046, 0.095), smoothstep(1.0, 0.0, abs(away) * 1.6));
    float glow = exp(-abs(away) * mix(16.0, 11.0, breath)) * exp(-x * x * 1.4);
    float thread = exp(-abs(away) * RENDERSIZE.y * 0.35) * exp(-x * x * 2.2);
    vec3 color = night + vec3(0.95, 0.55, 0.32) * glow * (0.22 + 0.10 * breath) * (away > 0.0 ? 1.0 : 0.55);
    color += vec3(1.0, 0.82, 0.62) * thread * 0.55;
    gl_FragColor = vec4(color + grain(gl_FragCoord.xy) / 255.0, 1.0);
}
