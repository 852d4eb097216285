/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two suns, ours and theirs. / Deux soleils, le nôtre et le leur.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "size", "LABEL": "Size / Taille", "TYPE": "float", "MIN": 0.05, "MAX": 0.60, "DEFAULT": 0.12},
    {"NAME": "near", "LABEL": "How near, here / Proche, ici", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "near_twin", "LABEL": "How near, there / Proche, là-bas", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5}
  ]
}*/

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

    // The nearer both of you are, the nearer the two suns come: one alone is not enough.
    // Plus vous êtes proches tous deux, plus les soleils s'approchent : un seul ne suffit pas.
    float apart = mix(0.32, 0.09, min(near, near_twin));

    // Even with nobody there, some light is left on for them.
    // Même sans personne, on laisse un peu de lumière pour eux.
    float here = sun(p + vec2(apart, 0.0), radius) * (0.6 + 0.4 * min(near, 1.0));
    float there = sun(p - vec2(apart, 0.0), radius) * (0.6 + 0.4 * min(near_twin, 1.0));

    // Light over light: what is left of the dark is multiplied, so it grows and never burns out.
    // Lumière sur lumière : on multiplie ce qui reste d'ombre ; elle croît et ne brûle jamais.
    vec3 warm = vec3(1.00, 0.60, 0.32), cool = vec3(0.30, 0.74, 0.80);
    colour = 1.0 - (1.0 - colour) * (1.0 - warm * here) * (1.0 - cool * there);
    gl_FragColor = vec4(colour, 1.0);
}
