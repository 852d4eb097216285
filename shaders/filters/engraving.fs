/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A steel engraving of the picture, as on a banknote or in an old print of Paris: lines that swell where it is dark.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Drawing"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0},
    {"NAME": "lines",  "LABEL": {"en": "Lines to the picture's height", "fr": "Traits sur la hauteur"}, "TYPE": "float", "MIN": 30.0, "MAX": 240.0, "DEFAULT": 120.0},
    {"NAME": "angle",  "LABEL": {"en": "Angle, degrees", "fr": "Angle, degrés"}, "TYPE": "float", "MIN": -90.0, "MAX": 90.0, "DEFAULT": -18.0},
    {"NAME": "relief", "LABEL": {"en": "How far the lines follow the forms", "fr": "Les traits épousent les formes"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4},
    {"NAME": "keep",   "LABEL": {"en": "How much colour stays", "fr": "Couleur conservée"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.25},
    {"NAME": "ink",    "LABEL": {"en": "Ink", "fr": "Encre"}, "TYPE": "color", "DEFAULT": [0.07, 0.10, 0.16, 1.0]},
    {"NAME": "paper",  "LABEL": {"en": "Paper", "fr": "Papier"}, "TYPE": "color", "DEFAULT": [0.95, 0.92, 0.85, 1.0]}
  ]
}*/

// The engraver has one black and no grey. Tone is the width of a line; form is the way the line bends over it.

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

// Ink at one place of a set of lines: `at` counts the lines, `dark` is how much of their breadth is cut, and a line
// is drawn as sharp as one pixel allows (`pixel`, in lines) and no sharper.
float cut(float at, float dark, float pixel) {
    float from = abs(fract(at) - 0.5) * 2.0;               // 1 in the middle of a line, 0 between two
    return clamp(0.5 + (from - 1.0 + dark) / (2.0 * pixel), 0.0, 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    vec2 p = (uv - 0.5) / tall;
    vec4 picture = IMG_THIS_PIXEL(inputImage);

    // Tone, taken over a patch as broad as a line, or the lines would tear at every speck.
    vec2 o = tall * 0.45 / lines;
    vec4 near = IMG_NORM_PIXEL(inputImage, uv + o) + IMG_NORM_PIXEL(inputImage, uv - o)
              + IMG_NORM_PIXEL(inputImage, uv + vec2(o.x, -o.y)) + IMG_NORM_PIXEL(inputImage, uv + vec2(-o.x, o.y));
    vec3 soft = mix(picture.rgb, near.rgb / 4.0, 0.6);
    float light = dot(soft, vec3(0.30, 0.59, 0.11));
    float dark = 1.0 - sqrt(clamp(light, 0.0, 1.0));        // what the eye takes for half is a fifth of the light

    float turn = radians(angle);
    vec2 across = vec2(-sin(turn), cos(turn)), along = vec2(across.y, -across.x);
    float pixel = lines / RENDERSIZE.y;
    // A hand, not a ruler: the burin sways a little, and light forms lift the line as a hill lifts a path.
    float sway = 0.012 * sin(dot(p, along) * 7.0 + dot(p, across) * 3.0);
    float at = (dot(p, across) + sway) * lines + relief * light * 3.0;
    float line = cut(at, dark * 1.25 - 0.06, pixel);
    // A second set crosses the first only in the darks, and a third, finer, only in the deepest.
    float other = dot(p, across * 0.35 + along * 0.94) * lines - relief * light * 2.0;
    line = max(line, cut(other, (dark - 0.52) * 1.5, pixel));
    line = max(line, cut((at - other) * 0.8, (dark - 0.78) * 2.2, pixel * 1.3));
    // In the lights the line is lifted off the plate here and there, and ends in dots.
    float dash = fract(dot(p, along) * lines * 0.16 + hash(vec2(floor(at), 3.0)));
    line *= 1.0 - smoothstep(0.22, 0.05, dark) * smoothstep(0.30, 0.36, abs(dash - 0.5)) * 0.9;

    float tooth = hash(floor(p * 620.0)) - 0.5;             // the paper, and how unevenly it takes the ink
    vec3 sheet = paper.rgb + tooth * 0.035;
    vec3 wash = mix(vec3(1.0), soft / max(max(soft.r, max(soft.g, soft.b)), 0.05), keep);
    vec3 c = mix(sheet * wash, ink.rgb, line * (0.93 + 0.14 * tooth));
    gl_FragColor = vec4(mix(picture.rgb, c, amount), picture.a);
}
