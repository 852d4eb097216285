/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lesson 2. Time, and a slider. / Leçon 2. Le temps, et un curseur.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "size", "LABEL": "Size / Taille", "TYPE": "float", "MIN": 0.05, "MAX": 0.60, "DEFAULT": 0.22}
  ]
}*/

// New: TIME counts seconds, and each INPUT above is a slider, an OSC address and a name here.
// Nouveau : TIME compte les secondes, et chaque INPUT ci-dessus est un curseur, une adresse OSC et un nom ici.

void main() {
    // The sky of lesson 1.
    // Le ciel de la leçon 1.
    float x = isf_FragNormCoord.x;
    float y = isf_FragNormCoord.y;
    vec3 evening = vec3(1.00, 0.58, 0.40);
    vec3 morning = vec3(0.42, 0.68, 0.86);
    vec3 dark    = vec3(0.07, 0.08, 0.22);
    vec3 horizon = mix(evening, morning, x);
    vec3 colour = mix(horizon, dark, y);

    // From the middle of the wall, in units of its shorter side: so a circle is round.
    // Depuis le milieu du mur, en unités de son petit côté : ainsi un cercle est rond.
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);

    // Breathe in, breathe out: one breath in about nine seconds.
    // Inspire, expire : un souffle toutes les neuf secondes environ.
    float breath = 0.5 + 0.5 * sin(TIME * 0.7);
    float radius = size * (0.85 + 0.15 * breath);

    // 1 in the sun, 0 outside it, and softly from one to the other.
    // 1 dans le soleil, 0 au dehors, et en douceur de l'un à l'autre.
    float sun = 1.0 - smoothstep(radius - 0.01, radius + 0.01, length(p));
    float haze = (0.4 + 0.2 * breath) / (1.0 + 40.0 * dot(p, p));
    colour = mix(colour, vec3(1.00, 0.90, 0.72), max(sun, haze));
    gl_FragColor = vec4(colour, 1.0);
}
