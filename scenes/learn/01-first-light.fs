/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lesson 1. A colour for every point. / Leçon 1. Une couleur pour chaque point.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": []
}*/

// The computer asks one question for each point of the wall: which colour? Your answer is gl_FragColor.
// L'ordinateur pose une question pour chaque point du mur : quelle couleur ? Ta réponse est gl_FragColor.

void main() {
    // x goes from 0 (left) to 1 (right), y from 0 (bottom) to 1 (top).
    // x va de 0 (gauche) à 1 (droite), y de 0 (bas) à 1 (haut).
    float x = isf_FragNormCoord.x;
    float y = isf_FragNormCoord.y;

    // Red, green, blue, each from 0 to 1. Change a number, save, and look.
    // Rouge, vert, bleu, chacun de 0 à 1. Change un nombre, enregistre, et regarde.
    vec3 evening = vec3(1.00, 0.58, 0.40);
    vec3 morning = vec3(0.42, 0.68, 0.86);
    vec3 dark    = vec3(0.07, 0.08, 0.22);

    // mix(a, b, 0.0) is a, mix(a, b, 1.0) is b, and between them lies every shade.
    // mix(a, b, 0.0) est a, mix(a, b, 1.0) est b, et entre les deux il y a toutes les nuances.
    vec3 horizon = mix(evening, morning, x);
    vec3 colour = mix(horizon, dark, y);

    gl_FragColor = vec4(colour, 1.0);
}
