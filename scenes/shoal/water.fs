/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The deep between two shores: light from above falls warm on our side and cool on theirs.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Water"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

float hash(vec2 p) {
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

void main() {
    vec2 uv = isf_FragNormCoord, shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - 0.5) * shape;
    float east = smoothstep(0.20, 0.80, uv.x), up = uv.y;
    // Shafts fan out from a sun above the middle; they sway as the surface does.
    vec2 sun = vec2(-0.10, 1.05);
    vec2 d = p - sun;
    float fan = d.x / max(-d.y, 0.05);
    float t = TIME / 20.0;
    float shaft = noise(vec2(fan * 5.0 + t, 3.0 * t)) * 0.6 + noise(vec2(fan * 13.0 - 1.4 * t, 9.0 + 2.0 * t)) * 0.4;
    shaft = smoothstep(0.42, 0.85, shaft) * smoothstep(-0.15, 1.05, up) * exp2(-abs(fan) * 0.8);
    float murk = noise(p * vec2(1.8, 2.6) + vec2(TIME * 0.020, -TIME * 0.012));

    vec3 low = mix(vec3(0.050, 0.012, 0.040), vec3(0.002, 0.018, 0.042), east);
    vec3 high = mix(vec3(0.34, 0.115, 0.105), vec3(0.012, 0.180, 0.225), east);
    vec3 col = mix(low, high, smoothstep(-0.15, 1.15, up) * smoothstep(-0.15, 1.15, up) + 0.10 * (murk - 0.5));
    col += mix(vec3(0.55, 0.24, 0.14), vec3(0.08, 0.36, 0.38), east) * shaft * 0.42;

    // Alone: bright shallows and bare sand on the far side; the sea is full of day, and of nobody.
    float ripple = noise(vec2(p.x * 6.0 + 3.0 * murk, (up - 0.1) * 34.0));
    vec3 shallow = mix(vec3(0.13, 0.40, 0.43), vec3(0.55, 0.80, 0.76), smoothstep(0.0, 1.0, up));
    shallow = mix(mix(vec3(0.62, 0.56, 0.44), vec3(0.36, 0.52, 0.48), smoothstep(0.0, 0.25, up)) * (0.86 + 0.20 * ripple), shallow, smoothstep(0.04, 0.30, up + 0.06 * murk));
    shallow += vec3(0.30, 0.34, 0.28) * shaft * 0.7;
    shallow = mix(vec3(0.26, 0.085, 0.070) * (0.35 + 0.85 * up) + vec3(0.45, 0.22, 0.12) * shaft * 0.6, shallow, smoothstep(0.22, 0.66, uv.x + 0.10 * (murk - 0.5)));
    col = mix(col, shallow, solitude * 0.86);

    // Asleep: no sun. The moon is a path of light from above; the ground is a line of dark weed.
    vec2 m = p - vec2(0.20 * shape.x, 0.62);
    vec3 dark = mix(vec3(0.004, 0.006, 0.022), vec3(0.014, 0.034, 0.105), up * up) + vec3(0.10, 0.15, 0.30) * (0.10 / (0.10 + dot(m, m))) * 0.6;
    dark += vec3(0.06, 0.09, 0.18) * shaft * 0.8;
    float sway = 0.012 * sin(TIME * 0.4 + p.x * 3.0) * smoothstep(0.0, 0.3, up);
    float weed = 0.05 + 0.13 * noise(vec2((p.x + sway) * 26.0, 3.0)) * noise(vec2(p.x * 3.1, 8.0)) + 0.03 * noise(vec2(p.x * 4.0, 1.0));
    dark = mix(dark, vec3(0.002, 0.004, 0.012), smoothstep(weed + 0.012, weed - 0.012, up));
    col = mix(col, dark, night);

    // Cut: pale, milky water on both sides of a pane.
    vec3 milk = mix(vec3(0.115, 0.140, 0.150), vec3(0.42, 0.47, 0.475), smoothstep(0.0, 1.0, up)) * (0.9 + 0.2 * murk);
    milk *= mix(vec3(1.06, 0.98, 0.92), vec3(0.92, 1.00, 1.04), step(0.5, uv.x));
    float pane = abs(p.x);
    milk *= 1.0 - 0.45 * exp2(-pane * 26.0);
    milk = mix(milk, vec3(0.88, 0.94, 0.94), 0.75 * smoothstep(2.2, 0.8, pane * RENDERSIZE.y) + 0.16 * smoothstep(0.012, 0.0, abs(pane - 0.010)));
    col = mix(col, milk, rupture);

    // A hand is a lamp held into the water.
    vec2 a = p - (vec2(0.5 * hand.x, hand.y) - 0.5) * shape, b = p - (vec2(1.0 - 0.5 * hand_twin.x, hand_twin.y) - 0.5) * shape;
    col += vec3(0.62, 0.27, 0.11) * near * 0.55 / (1.0 + dot(a, a) * 26.0);
    col += vec3(0.06, 0.44, 0.46) * near_twin * 0.50 * (1.0 - solitude) * (1.0 - night) * (1.0 - rupture) / (1.0 + dot(b, b) * 26.0);
    col *= 1.0 - 0.38 * dot(p, p) / (0.25 + 0.25 * shape.x * shape.x);
    gl_FragColor = vec4(col, 1.0);
}
