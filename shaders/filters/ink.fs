/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Outlines in Indian ink, thick and thin as a brush gives them, over a thin wash: a travel sketchbook.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Drawing"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0},
    {"NAME": "brush",  "LABEL": {"en": "Breadth of the brush, in picture heights", "fr": "Largeur du pinceau, en hauteurs d'image"}, "TYPE": "float", "MIN": 0.001, "MAX": 0.012, "DEFAULT": 0.0032},
    {"NAME": "much",   "LABEL": {"en": "How much is drawn", "fr": "Quantité de traits"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "hand",   "LABEL": {"en": "Unsteadiness of the hand", "fr": "Hésitation de la main"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4},
    {"NAME": "wash",   "LABEL": {"en": "Wash of colour", "fr": "Lavis de couleur"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55},
    {"NAME": "ink",    "LABEL": {"en": "Ink", "fr": "Encre"}, "TYPE": "color", "DEFAULT": [0.08, 0.07, 0.10, 1.0]},
    {"NAME": "paper",  "LABEL": {"en": "Paper", "fr": "Papier"}, "TYPE": "color", "DEFAULT": [0.965, 0.95, 0.91, 1.0]}
  ]
}*/

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    vec2 p = (uv - 0.5) / tall;
    vec4 picture = IMG_THIS_PIXEL(inputImage);

    // The hand hesitates twice a second, as in a drawn film: held still it would be a photograph of a drawing, and
    // faster it would itch.
    float pose = floor(TIME * 2.0);
    vec2 stray = vec2(noise(p * 14.0 + pose * 3.7), noise(p * 14.0 - pose * 5.1 + 50.0)) - 0.5;
    vec2 at = uv + stray * tall * hand * 0.009;

    // Eight looks in a ring. What differs across it is an outline; it is looked for in all three colours, for red on
    // green of one brightness is an outline too.
    float r = max(brush, 0.75 / RENDERSIZE.y);
    vec3 mean = vec3(0.0), along = vec3(0.0), up = vec3(0.0);
    float alpha = 0.0, rise = 0.0, run = 0.0;
    for (int i = 0; i < 8; i++) {
        vec2 way = i < 4 ? vec2(float(i % 2) * 2.0 - 1.0, float(i / 2) * 2.0 - 1.0) * 0.7071
                         : (i < 6 ? vec2(float(i) * 2.0 - 9.0, 0.0) : vec2(0.0, float(i) * 2.0 - 13.0));
        vec4 c = IMG_NORM_PIXEL(inputImage, at + way * r * tall);
        c.rgb *= c.a;
        mean += c.rgb / 8.0;
        along += c.rgb * way.x;
        up += c.rgb * way.y;
        alpha += c.a / 8.0;
        rise += c.a * way.y;
        run += c.a * way.x;
    }
    float slope = sqrt(dot(along, along) + dot(up, up)) + 0.6 * length(vec2(run, rise));
    // A pen presses harder on the side away from the light, so the line is heavier low on the right.
    vec3 grey = vec3(0.3, 0.59, 0.11);
    float press = 0.85 + 0.35 * clamp(dot(vec2(dot(along, grey), dot(up, grey)), vec2(-0.4, 0.6)), -1.0, 1.0) + 0.5 * (noise(p * 9.0 + pose) - 0.5);
    float level = mix(2.6, 0.25, sqrt(much));
    float line = smoothstep(level, level * 1.9, slope * press);
    // The darkest places are filled with the flat of the brush, dry: the paper's tooth shows through.
    float light = dot(mean, grey) / max(alpha, 0.001);
    float tooth = 0.6 * noise(p * 260.0) + 0.4 * noise(p * vec2(60.0, 300.0));
    line = max(line, smoothstep(0.0, 0.12, (0.115 - light) * (0.5 + much) - (tooth - 0.35) * 0.12) * 0.9);

    vec3 sheet = paper.rgb * (1.0 - 0.05 * tooth);
    vec3 tone = mean / max(alpha, 0.001);
    // The wash is laid on looser than the line, in few steps, and never quite reaches it.
    tone = mix(vec3(light), tone, 1.25);
    vec3 thin = mix(vec3(1.0), clamp(tone * 0.9 + 0.14, 0.0, 1.0), wash * (0.85 + 0.4 * noise(p * 5.0 + 20.0)));
    vec3 c = mix(sheet * thin, ink.rgb, line);
    gl_FragColor = vec4(mix(picture.rgb, c, amount), mix(picture.a, max(picture.a, alpha * line), amount));
}
