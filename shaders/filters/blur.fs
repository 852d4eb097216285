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
    {"TARGET": "small",  "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {"TARGET": "across", "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {"TARGET": "soft",   "WIDTH": "$WIDTH * min(0.25, 270 / $HEIGHT)", "HEIGHT": "min($HEIGHT / 4, 270)", "FLOAT": true},
    {}
  ]
}*/

// A wide blur has no detail, so it is worked out on a quarter of the rows; only a fine one needs the picture itself.
// All of it is done in colour times alpha: what is transparent has no weight, and no dark rim grows round a cut-out.
//
// Each pass counts its looks in a loop of `looks` turns, none in the other passes. An `if` would do on a graphics
// card, but a machine without one works out both of its sides.

int looks(int pass, int count) { return PASSINDEX == pass ? count : 0; }

// A blur is told by its variance, in squared pixels, since variances of blurs on blurs add up: those of the halved
// and of the small picture come from their own looks and from being stretched again (half a pixel of theirs, squared).
const float HALVED = 1.0, SMALL = 0.55, LEAST = 0.35;       // a bell narrower than LEAST falls between the pixels

float wanted() {
    float sigma = 0.5 * radius * IMG_SIZE(inputImage).y;      // the eye sees a bell curve end at two sigmas
    return sigma * sigma;
}

// A bell curve along one direction. The round one is one along x and then one along y: 2 * n looks instead of n * n.
vec4 bell(sampler2D s, vec2 way, int pass) {
    float pixel = IMG_SIZE(inputImage).y / IMG_SIZE(small).y;
    float spread = max(wanted() / (pixel * pixel) - SMALL, LEAST);
    int n = looks(pass, 2 * int(min(1.3 * sqrt(spread) + 0.9, 24.0)) + 1);
    vec4 sum = vec4(0.0);
    float whole = 0.0;
    for (int i = 0; i < n; i++) {
        float k = 2.0 * float(i - n / 2);                     // two pixels a look: the sampler mixes them
        float near = exp(-0.5 * k * k / spread), next = exp(-0.5 * (k + 1.0) * (k + 1.0) / spread);
        sum += (near + next) * IMG_NORM_PIXEL(s, isf_FragNormCoord + way * (k + next / (near + next + 1e-20)));
        whole += near + next;
    }
    return whole > 0.0 ? sum / whole : vec4(0.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 pixel = 1.0 / RENDERSIZE;
    vec4 sum = vec4(0.0);
    int n = looks(0, 4);
    for (int i = 0; i < n; i++) {                             // the middles of four pixels, weighed before they are mixed
        vec4 c = IMG_NORM_PIXEL(inputImage, uv + (vec2(float(i % 2), float(i / 2)) - 0.5) * 0.5 * pixel);
        sum += vec4(c.rgb * c.a, c.a) / 4.0;
    }
    n = looks(1, 9);
    for (int i = 0; i < n; i++) sum += IMG_NORM_PIXEL(halved, uv + (vec2(float(i % 3), float(i / 3)) - 1.0) * 0.5 * pixel) / 9.0;
    sum += bell(small, vec2(pixel.x, 0.0), 2) + bell(across, vec2(0.0, pixel.y), 3);
    if (PASSINDEX == 4) {
        // Nearly sharp: the picture and the blur mixed in the measure that gives the variance.
        float v = wanted(), pixels = IMG_SIZE(inputImage).y / IMG_SIZE(small).y;
        vec4 c = IMG_THIS_PIXEL(inputImage);
        vec4 fine = mix(vec4(c.rgb * c.a, c.a), IMG_THIS_PIXEL(halved), min(v / HALVED, 1.0));
        sum = mix(fine, IMG_THIS_PIXEL(soft), clamp((v - HALVED) / ((SMALL + LEAST) * pixels * pixels - HALVED), 0.0, 1.0));
        sum.rgb = v <= 0.0 ? c.rgb : sum.rgb / max(sum.a, 1e-6);
    }
    gl_FragColor = sum;
}
