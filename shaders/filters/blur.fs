/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A soft blur, as wide as you like at nearly the same price: focus lost, focus found again.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Blur"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "radius", "LABEL": {"en": "Radius, in picture heights", "fr": "Rayon, en hauteurs d'image"}, "TYPE": "float", "MIN": 0.0, "MAX": 0.1, "DEFAULT": 0.02}
  ],
  "PASSES": [
    {"TARGET": "halved", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"TARGET": "soft",   "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {"TARGET": "soft",   "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {"TARGET": "soft",   "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {}
  ]
}*/

// A wide blur has no detail, so it is worked out on a quarter of the rows; only a fine one needs the picture itself.
// All of it is done in colour times alpha: what is transparent has no weight, and no dark rim grows round a cut-out.
//
// `soft` is drawn three times: made small, blurred across, blurred upwards. A pass may read what it overwrites. Each
// counts its looks in a loop that has no turns in the other passes: an `if` would do on a graphics card, but a machine
// without one works out both of its sides.

// A blur is told by its variance, in squared pixels, since variances of blurs on blurs add up: those of the halved
// and of the small picture come from their own looks and from being stretched again (half a pixel of theirs, squared).
const float HALVED = 1.0, SMALL = 0.55, LEAST = 0.35;       // a bell narrower than LEAST falls between the pixels

float wanted() {
    float sigma = 0.5 * radius * IMG_SIZE(inputImage).y;      // the eye sees a bell curve end at two sigmas
    return sigma * sigma;
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 pixel = 1.0 / RENDERSIZE;
    vec4 sum = vec4(0.0);
    float whole = 1.0;
    int n = PASSINDEX == 0 ? 4 : 0;
    for (int i = 0; i < n; i++) {                             // the middles of four pixels, weighed before they are mixed
        vec4 c = IMG_NORM_PIXEL(inputImage, uv + (vec2(float(i % 2), float(i / 2)) - 0.5) * 0.5 * pixel);
        sum += vec4(c.rgb * c.a, c.a) / 4.0;
    }
    n = PASSINDEX == 1 ? 9 : 0;
    for (int i = 0; i < n; i++) sum += IMG_NORM_PIXEL(halved, uv + (vec2(float(i % 3), float(i / 3)) - 1.0) * 0.5 * pixel) / 9.0;

    // A bell curve along one direction. The round one is one along x and then one along y: 2 * n looks, not n * n.
    float pixels = IMG_SIZE(inputImage).y / IMG_SIZE(soft).y;
    float spread = max(wanted() / (pixels * pixels) - SMALL, LEAST);
    vec2 way = PASSINDEX == 2 ? vec2(pixel.x, 0.0) : vec2(0.0, pixel.y);
    int reach = int(min(1.3 * sqrt(spread) + 0.9, 24.0));
    n = PASSINDEX == 2 || PASSINDEX == 3 ? 2 * reach + 1 : 0;
    for (int i = 0; i < n; i++) {
        float k = 2.0 * float(i - reach);                     // two pixels a look: the sampler mixes them
        vec2 w = exp(vec2(k * k, (k + 1.0) * (k + 1.0)) * (-0.5 / spread));
        sum += (w.x + w.y) * IMG_NORM_PIXEL(soft, uv + way * (k + w.y / (w.x + w.y + 1e-20)));
        whole += w.x + w.y;
    }
    sum /= n > 0 ? whole - 1.0 : 1.0;
    if (PASSINDEX == 4) {
        // Nearly sharp: the picture and the blur mixed in the measure that gives the variance.
        float v = wanted();
        vec4 c = IMG_THIS_PIXEL(inputImage);
        vec4 fine = mix(vec4(c.rgb * c.a, c.a), IMG_THIS_PIXEL(halved), min(v / HALVED, 1.0));
        sum = mix(fine, IMG_THIS_PIXEL(soft), clamp((v - HALVED) / ((SMALL + LEAST) * pixels * pixels - HALVED), 0.0, 1.0));
        sum.rgb = v <= 0.0 ? c.rgb : sum.rgb / max(sum.a, 1e-6);
    }
    gl_FragColor = sum;
}
