/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Stars that turn about a pole. / Des étoiles qui tournent autour d'un pôle.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "night", "LABEL": "They sleep / Ils dorment", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "LABEL": "The line is cut / La ligne est coupée", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// Black where there is no star: added to the sky, black changes nothing.
// Noir là où il n'y a pas d'étoile : ajouté au ciel, le noir ne change rien.

// Two numbers from 0 to 1 for each cell, that look like chance and are the same in both cities.
// Deux nombres de 0 à 1 par case, qui semblent le hasard et sont les mêmes dans les deux villes.
vec2 chance(vec2 cell) {
    vec3 q = fract(vec3(cell.xyx) * vec3(0.1031, 0.1030, 0.0973));
    q += dot(q, q.yzx + 33.33);
    return fract((q.xx + q.yz) * q.zy);
}

void main() {
    // From the pole, near the top; the sky makes a whole turn in 240 seconds.
    // Depuis le pôle, près du haut ; le ciel fait un tour complet en 240 secondes.
    vec2 p = (gl_FragCoord.xy - vec2(0.5, 0.86) * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y);
    float turn = TIME * 6.28318 / 240.0;
    p = mat2(cos(turn), -sin(turn), sin(turn), cos(turn)) * p;

    // One star in each cell of a grid; the square makes most of them faint.
    // Une étoile dans chaque case d'une grille ; le carré en fait de pâles, pour la plupart.
    vec2 cell = floor(p * 16.0);
    vec2 place = 0.2 + 0.6 * chance(cell);
    vec2 kind = chance(cell + 50.0);
    float away = length(p * 16.0 - cell - place) / 16.0;
    float pixel = 1.0 / min(RENDERSIZE.x, RENDERSIZE.y);
    float star = kind.x * kind.x * (1.0 - smoothstep(0.0, 0.0015 + pixel, away));

    // Some are warm and some are cool, like the two cities. They show high up, where the sky is dark.
    // Les unes sont chaudes, les autres froides, comme les deux villes. On les voit haut, où le ciel est sombre.
    vec3 tint = mix(vec3(1.00, 0.80, 0.62), vec3(0.70, 0.86, 1.00), kind.y);
    float high = smoothstep(0.50, 0.95, isf_FragNormCoord.y + 0.1 * night);
    gl_FragColor = vec4(tint * star * high * (1.0 + night) * (1.0 - rupture), 1.0);
}
