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

float light(vec2 p) {
    return 1.0 / (1.0 + dot(p, p) * 40.0);
}

void main() {
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);

    // The more people there are on both sides, the nearer the two lights come.
    // Plus il y a de monde des deux côtés, plus les deux lumières s'approchent.
    float apart = 0.34 / (1.0 + 0.4 * min(presence, presence_twin)) + 0.02 * sin(TIME * 0.6);
    // Even with nobody there, a little light is left on for them.
    // Même sans personne, on laisse un peu de lumière pour eux.
    float here = light(p + vec2(apart, 0.0)) * (0.2 + 0.8 * min(presence, 1.0));
    float there = light(p - vec2(apart, 0.0)) * (0.2 + 0.8 * min(presence_twin, 1.0));

    vec3 col = vec3(0.03, 0.03, 0.05) + vec3(0.95, 0.52, 0.28) * here + vec3(0.16, 0.60, 0.66) * there;
    gl_FragColor = vec4(col, 1.0);
}
