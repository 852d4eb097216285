/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The steward's veil: a calm moving darkness, drawn when the picture is covered at once.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "light", "LABEL": "Light", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0}
  ]
}*/

// A black wall looks broken; a dark one that breathes looks meant. It takes no input from anybody, and its
// brightest point stays under a tenth of white, so that it also covers in a dark room.

float hash(vec2 p) {
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

void main() {
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
    // Long folds, each bent by the one before, as a curtain hangs in a draught.
    float x = p.x * 2.6;
    x += 0.55 * sin(x * 0.9 + p.y * 0.7 + TIME * 0.110);
    x += 0.30 * sin(x * 2.1 - p.y * 1.1 - TIME * 0.073);
    float fold = 0.5 + 0.5 * sin(x * 2.4 + 0.35 * sin(p.y * 2.0 - TIME * 0.090));
    float shine = fold * fold * (0.65 + 0.35 * sin(x * 0.8 + TIME * 0.05));
    vec3 col = mix(vec3(0.008, 0.010, 0.020), vec3(0.088, 0.076, 0.100), shine);
    col += vec3(0.000, 0.024, 0.030) * smoothstep(-1.0, 1.0, p.x) * fold;
    col *= 1.0 - 0.35 * smoothstep(0.1, 0.9, length(p));
    col = col * light + (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
