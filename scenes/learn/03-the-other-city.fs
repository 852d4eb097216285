/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lesson 3. The other city. / Leçon 3. L'autre ville.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "presence",      "LABEL": "People here / Ici",     "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "presence_twin", "LABEL": "People there / Là-bas", "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0}
  ]
}*/

// New: a name that ends in _twin is the same value in the other city. That is the whole secret.
// Nouveau : un nom qui finit par _twin est la même valeur dans l'autre ville. C'est tout le secret.

// A sun: bright within, and a glow that fades for ever.
// Un soleil : clair au-dedans, et une lueur qui s'éteint sans fin.
float sun(vec2 p) {
    return 0.75 * smoothstep(0.13, 0.11, length(p)) + 0.25 / (1.0 + dot(p, p) * 20.0);
}

void main() {
    // The sky of lesson 1, later in the evening.
    // Le ciel de la leçon 1, plus tard le soir.
    vec3 horizon = mix(vec3(1.00, 0.58, 0.40), vec3(0.42, 0.68, 0.86), isf_FragNormCoord.x);
    vec3 colour = mix(horizon, vec3(0.07, 0.08, 0.22), isf_FragNormCoord.y) * 0.35;

    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);

    // The more people there are on both sides, the nearer the two suns come.
    // Plus il y a de monde des deux côtés, plus les deux soleils s'approchent.
    float apart = 0.32 / (1.0 + min(presence, presence_twin)) + 0.01 * sin(TIME * 0.6);

    // Even with nobody there, a little light is left on for them.
    // Même sans personne, on laisse un peu de lumière pour eux.
    float here = sun(p + vec2(apart, 0.0)) * (0.2 + 0.8 * min(presence, 1.0));
    float there = sun(p - vec2(apart, 0.0)) * (0.2 + 0.8 * min(presence_twin, 1.0));

    colour += vec3(0.95, 0.55, 0.30) * here + vec3(0.20, 0.60, 0.70) * there;
    gl_FragColor = vec4(colour, 1.0);
}
