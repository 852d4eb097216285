/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The sea between them: a filter. / La mer entre eux : un filtre.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "rupture", "LABEL": "The line is cut / La ligne est coupée", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// inputImage makes a filter of a shader: it is given the picture of the layers below.
// inputImage fait d'un shader un filtre : on lui donne l'image des couches du dessous.

void main() {
    float shore = 0.32;
    vec2 at = isf_FragNormCoord;
    vec4 above = IMG_NORM_PIXEL(inputImage, at);

    // Waves come closer together the farther off they are.
    // Les vagues se serrent à mesure qu'elles s'éloignent.
    float depth = max(shore - at.y, 0.0) / shore;
    float far = 1.0 / (0.05 + depth);
    float wave = sin(far * 11.0 + TIME * 0.9 + at.x * 3.0) + sin(far * 6.3 - TIME * 0.6 - at.x * 8.0);
    wave *= 1.0 - rupture;

    // The sky upside down. A rough sea draws each light out towards us: the mean of eight looks, each farther up.
    // Le ciel à l'envers. Une mer agitée étire chaque lumière vers nous : la moyenne de huit regards.
    vec3 water = vec3(0.0);
    for (int i = 0; i < 8; i++) {
        float up = (shore - at.y) * (0.75 + 0.16 * float(i)) + 0.010 * depth * wave;
        water += IMG_NORM_PIXEL(inputImage, vec2(at.x + 0.012 * depth * wave, shore + up)).rgb / 8.0;
    }
    water *= mix(0.95, 0.60, depth) * (1.0 + 0.10 * wave * depth);
    float wet = 1.0 - smoothstep(shore - 0.002, shore + 0.002, at.y);
    wet *= 1.0 - 0.6 * rupture;
    gl_FragColor = vec4(mix(above.rgb, water, wet), 1.0);
}
