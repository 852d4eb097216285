/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The picture in watercolour: flat washes with dark rims, on paper whose grain shows through.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Drawing"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0},
    {"NAME": "brush",  "LABEL": {"en": "Brush, in picture heights", "fr": "Pinceau, en hauteurs d'image"}, "TYPE": "float", "MIN": 0.003, "MAX": 0.04, "DEFAULT": 0.014},
    {"NAME": "rim",    "LABEL": {"en": "Rims: where a wash has dried", "fr": "Cernes : où le lavis a séché"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "grain",  "LABEL": {"en": "Grain of the paper", "fr": "Grain du papier"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "margin", "LABEL": {"en": "White margin", "fr": "Marge blanche"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35}
  ],
  "PASSES": [
    {"TARGET": "wash", "WIDTH": "$WIDTH * min(0.5, 300 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 2, 300)"},
    {}
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

    // Kuwahara's idea: round each point lie four squares, and it takes the mean of the calmest. Inside a form all are
    // calm and the detail is washed out; at an outline only the square on this side is, so the outline stays sharp.
    // 25 looks serve all four, for their corners overlap.
    vec4 sum[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
    vec4 square = vec4(0.0), number = vec4(0.0001);
    int n = PASSINDEX == 0 ? 25 : 0;
    for (int i = 0; i < n; i++) {
        vec2 o = vec2(float(i % 5), float(i / 5)) - 2.0;
        vec4 c = IMG_NORM_PIXEL(inputImage, uv + o * 0.5 * brush * tall);
        float y = dot(c.rgb, vec3(0.30, 0.59, 0.11));
        vec4 inside = vec4(o.x <= 0.0 && o.y <= 0.0, o.x >= 0.0 && o.y <= 0.0, o.x <= 0.0 && o.y >= 0.0, o.x >= 0.0 && o.y >= 0.0);
        inside *= c.a + 0.0001;
        for (int k = 0; k < 4; k++) sum[k] += vec4(c.rgb, y) * inside[k];
        square += y * y * inside;
        number += inside;
    }
    if (PASSINDEX == 0) {
        vec4 best = vec4(0.0);
        float whole = 0.0;
        for (int k = 0; k < 4; k++) {       // not one alone: by how calm each is, or squares would be seen
            vec4 mean = sum[k] / number[k];
            float unrest = square[k] / number[k] - mean.a * mean.a;
            float w = 1.0 / (0.00002 + unrest * unrest * 40.0);
            best += mean * w;
            whole += w;
        }
        gl_FragColor = vec4(best.rgb / whole, 1.0);
    } else {
        vec4 picture = IMG_THIS_PIXEL(inputImage);
        // Wet edges wander, over a finger's breadth and over a hair's.
        float broad = noise(p * 22.0), hair = noise(p * 70.0);
        vec2 wander = vec2(broad, noise(p.yx * 22.0 + 40.0)) - 0.5 + vec2(0.5, -0.5) * (hair - 0.5);
        vec2 at = uv + wander * tall * brush * 0.9;
        vec2 o = tall * max(brush * 0.22, 1.0 / RENDERSIZE.y);
        vec3 c = IMG_NORM_PIXEL(wash, at).rgb;
        vec3 h = IMG_NORM_PIXEL(wash, at + vec2(o.x, 0.0)).rgb, v = IMG_NORM_PIXEL(wash, at + vec2(0.0, o.y)).rgb;
        float edge = min(1.0, 3.0 * length(vec2(length(h - c), length(v - c))));

        // Paint on paper is a filter twice passed: more of it multiplies. A rim is more paint, a pool less.
        float pool = noise(p * 3.1 + 7.0) * 0.7 + broad * 0.3;
        float bumps = noise(p * 230.0) * 0.7 + hash(floor(p * 500.0)) * 0.3;
        float paint = 0.72 + 0.42 * pool + 1.1 * rim * edge + grain * (bumps - 0.5) * 0.9;
        c = 0.06 + 0.94 * c;                // no black in the box
        c = pow(c, vec3(max(paint, 0.1)));
        // The sheet is left white round the edge, and the brush leaves it ragged.
        vec2 side = (0.5 - abs(uv - 0.5)) / tall;
        float inner = min(side.x, side.y) - 0.13 * margin + 0.05 * (pool - 0.5) + 0.012 * (bumps - 0.5);
        float painted = margin > 0.0 ? smoothstep(-0.004, 0.012, inner) : 1.0;
        float dried = margin > 0.0 ? rim * smoothstep(0.03, 0.0, abs(inner - 0.012)) * painted : 0.0;
        vec3 sheet = vec3(0.975, 0.965, 0.94) * (1.0 - 0.06 * grain * bumps);
        c = sheet * mix(vec3(1.0), c * (1.0 - 0.22 * dried), painted);
        gl_FragColor = vec4(mix(picture.rgb, c, amount), picture.a);
    }
}
