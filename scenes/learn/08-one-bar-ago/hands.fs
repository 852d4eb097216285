/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Where two hands were. / Où étaient deux mains.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "ours", "TYPE": "image"},
    {"NAME": "theirs", "TYPE": "image"},
    {"NAME": "hand", "LABEL": "Our hand / Notre main", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.28, 0.22]},
    {"NAME": "hand_twin", "LABEL": "Their hand / Leur main", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.28, 0.22]},
    {"NAME": "solitude", "LABEL": "Nobody there / Personne là-bas", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night", "LABEL": "They sleep / Ils dorment", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "LABEL": "The line is cut / La ligne est coupée", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// An image need not be a picture: this one is 8 seconds of a hand, the oldest at the left, now at the right.
// Une image n'est pas forcément une vue : celle-ci est 8 secondes d'une main, du plus ancien à maintenant.
// hand and hand_twin are inputs so that there is something to keep: [data] in scene.toml does.
// hand et hand_twin sont des entrées pour qu'il y ait de quoi garder : [data] dans scene.toml le fait.

// The light of one hand at this point: a thread that rises like smoke from where the hand was, age seconds ago.
// La lumière d'une main en ce point : un fil qui monte comme une fumée d'où était la main, il y a age secondes.
float thread(sampler2D trace, vec2 here, float late) {
    vec2 wall = RENDERSIZE / min(RENDERSIZE.x, RENDERSIZE.y);
    float light = 0.0;
    vec2 last = vec2(0.0);
    for (int i = 0; i < 20; i++) {
        float age = float(i) * 0.2;
        vec2 hand = IMG_NORM_PIXEL(trace, vec2(1.0 - (age + late) / 8.0, 0.5)).xy * wall;
        float sway = sin(age * 1.7 - TIME * 0.9 + late) + 0.5 * sin(age * 3.1 - TIME * 1.3);
        vec2 point = hand + vec2(0.012 * age * sway, 0.10 * age);

        // How far this point is from the stretch of thread between the last step and this one.
        // La distance de ce point au bout de fil entre le pas d'avant et celui-ci.
        vec2 stretch = point - last, to = here - last;
        float along = clamp(dot(to, stretch) / max(dot(stretch, stretch), 0.00001), 0.0, 1.0);
        float away = length(to - stretch * along);
        float width = 0.0025 + 0.004 * age;
        if (i > 0) light = max(light, (1.0 - age / 4.0) * width / (width + 6.0 * away * away / width));
        last = point;
    }
    return light;
}

void main() {
    // Ours as it is now, theirs as it was one bar ago: four beats, one each second. They face us, so left is right.
    // La nôtre à présent, la leur une mesure plus tôt : quatre temps d'une seconde. Face à nous, leur gauche est à droite.
    vec2 here = gl_FragCoord.xy, there = vec2(RENDERSIZE.x - here.x, here.y);
    float we = thread(ours, here / min(RENDERSIZE.x, RENDERSIZE.y), 0.0);
    float they = thread(theirs, there / min(RENDERSIZE.x, RENDERSIZE.y), 4.0) * (1.0 - max(solitude, max(night, rupture)));
    gl_FragColor = vec4(vec3(1.00, 0.66, 0.36) * we + vec3(0.36, 0.80, 0.86) * they, 1.0);
}
