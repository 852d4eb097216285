/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lesson 3. The other city. / Leçon 3. L'autre ville.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "size", "LABEL": "Size / Taille", "TYPE": "float", "MIN": 0.05, "MAX": 0.60, "DEFAULT": 0.12},
    {"NAME": "presence", "LABEL": "People here / Ici", "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "presence_twin", "LABEL": "People there / Là-bas", "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0}
  ]
}*/

// New: a name that ends in _twin is the same value in the other city. That is the whole secret.
// Nouveau : un nom qui finit par _twin est la même valeur dans l'autre ville. C'est tout le secret.

// The sun of lesson 2, as a function: it is drawn twice.
// Le soleil de la leçon 2, en fonction : on le dessine deux fois.
float sun(vec2 p, float radius) {
    float disc = (1.0 - smoothstep(radius - 0.01, radius + 0.01, length(p))) * (0.86 + 0.14 * p.y / radius);
    return max(disc, 0.5 / (1.0 + 40.0 * dot(p, p)));
}

void main() {
    // The sky of lesson 1, later in the evening.
    // Le ciel de la leçon 1, plus tard le soir.
    float x = isf_FragNormCoord.x;
    float y = isf_FragNormCoord.y;
    vec3 evening = vec3(1.00, 0.58, 0.40);
    vec3 morning = vec3(0.42, 0.68, 0.86);
    vec3 dark    = vec3(0.07, 0.08, 0.22);
    vec3 horizon = mix(evening, morning, x);
    vec3 colour = mix(horizon, dark, y) * 0.4;

    // From the middle of the wall, in units of its shorter side: so a circle is round.
    // Depuis le milieu du mur, en unités de son petit côté : ainsi un cercle est rond.
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
    float breath = 0.5 + 0.5 * sin(TIME * 0.7);
    float radius = size * (0.85 + 0.15 * breath);

    // The more people there are on both sides, the nearer the two suns come.
    // Plus il y a de monde des deux côtés, plus les deux soleils s'approchent.
    float apart = 0.32 / (1.0 + min(presence, presence_twin));

    // Even with nobody there, some light is left on for them.
    // Même sans personne, on laisse un peu de lumière pour eux.
    float here = sun(p + vec2(apart, 0.0), radius) * (0.6 + 0.4 * min(presence, 1.0));
    float there = sun(p - vec2(apart, 0.0), radius) * (0.6 + 0.4 * min(presence_twin, 1.0));

    // Light over light: what is left of the dark is multiplied, so it grows and never burns out.
    // Lumière sur lumière : on multiplie ce qui reste d'ombre ; elle croît et ne brûle jamais.
    vec3 warm = vec3(1.00, 0.60, 0.32), cool = vec3(0.30, 0.74, 0.80);
    colour = 1.0 - (1.0 - colour) * (1.0 - warm * here) * (1.0 - cool * there);
    gl_FragColor = vec4(colour, 1.0);
}
