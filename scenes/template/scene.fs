/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two lights, ours and theirs.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "glow",      "LABEL": "Glow here",  "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.8},
    {"NAME": "glow_twin", "LABEL": "Glow there", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.8},
    {"NAME": "tint",      "LABEL": "Our colour", "TYPE": "color", "DEFAULT": [1.0, 0.62, 0.32, 1.0]},
    {"NAME": "solitude",  "LABEL": "Solitude",   "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night",     "LABEL": "Night",      "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture",   "LABEL": "Rupture",    "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// A soft round light: bright at its middle, fading for ever.
float light(vec2 p, float strength) {
    return strength / (1.0 + dot(p, p) * 44.0);
}

void main() {
    // The middle is 0, 0 and the shorter side is 1, so a circle is round on every wall.
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);

    // The room: dark, and a little lighter below; pale when the link is cut.
    vec3 room = mix(vec3(0.06, 0.06, 0.10), vec3(0.02, 0.02, 0.04), isf_FragNormCoord.y);
    room = mix(room, vec3(0.62, 0.60, 0.58), rupture);

    // Ours and theirs drift slowly; when the link is cut they move apart.
    float apart = 0.25 + 0.04 * sin(TIME * 0.3) + 0.20 * rupture;
    float ours = light(p + vec2(apart, 0.0), glow) * (1.0 - 0.6 * night);
    float theirs = light(p - vec2(apart, 0.0), glow_twin) * (1.0 - solitude);

    // Asleep, the other city is a moon.
    vec3 cool = mix(vec3(0.25, 0.75, 0.78), vec3(0.60, 0.68, 0.95), night);
    vec3 lights = tint.rgb * ours + cool * theirs;
    gl_FragColor = vec4(room + lights * (1.0 - 0.6 * room), 1.0);
}
