/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lesson 2. Time, and a slider. / Leçon 2. Le temps, et un curseur.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "size", "LABEL": "Size / Taille", "TYPE": "float", "MIN": 0.05, "MAX": 0.60, "DEFAULT": 0.28}
  ]
}*/

// New: TIME counts seconds, and each INPUT above is a slider, an OSC address and a name here.
// Nouveau : TIME compte les secondes, et chaque INPUT ci-dessus est un curseur, une adresse OSC et un nom ici.

void main() {
    // From the middle of the wall, in units of its shorter side: so a circle is round.
    // Depuis le milieu du mur, en unités de son petit côté : ainsi un cercle est rond.
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);

    // Breathe in, breathe out: one breath in about nine seconds.
    // Inspire, expire : un souffle toutes les neuf secondes environ.
    float breath = 0.5 + 0.5 * sin(TIME * 0.7);
    float radius = size * (0.8 + 0.2 * breath);

    float inside = smoothstep(radius + 0.15, radius - 0.15, length(p));
    vec3 room = vec3(0.03, 0.04, 0.08);
    vec3 lamp = vec3(1.00, 0.66, 0.38);
    gl_FragColor = vec4(mix(room, lamp, inside), 1.0);
}
