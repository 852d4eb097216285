/*{
  "ISFVSN": "2",
  "DESCRIPTION": "What is bright enough spills its light over its surroundings, as on old glass or through a wet eye.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Light"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "glow",   "LABEL": {"en": "How much light spills", "fr": "Lumière qui déborde"}, "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 0.8},
    {"NAME": "from",   "LABEL": {"en": "From what brightness on", "fr": "À partir de quelle clarté"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55},
    {"NAME": "spread", "LABEL": {"en": "Spread: 0 a halo, 1 a haze", "fr": "Étendue : 0 halo, 1 brume"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45},
    {"NAME": "tint",   "LABEL": {"en": "Tint of the spilt light", "fr": "Teinte de la lumière"}, "TYPE": "color", "DEFAULT": [1.0, 0.88, 0.74, 1.0]}
  ],
  "PASSES": [
    {"TARGET": "halo", "WIDTH": "180 * $WIDTH / $HEIGHT", "HEIGHT": "180", "FLOAT": true},
    {"TARGET": "halo", "WIDTH": "180 * $WIDTH / $HEIGHT", "HEIGHT": "180", "FLOAT": true},
    {"TARGET": "halo", "WIDTH": "180 * $WIDTH / $HEIGHT", "HEIGHT": "180", "FLOAT": true},
    {"TARGET": "haze", "WIDTH": "45 * $WIDTH / $HEIGHT",  "HEIGHT": "45",  "FLOAT": true},
    {"TARGET": "haze", "WIDTH": "45 * $WIDTH / $HEIGHT",  "HEIGHT": "45",  "FLOAT": true},
    {}
  ]
}*/

// The spilt light is soft, so nobody misses the detail: it is drawn on 180 rows, and its far reach on 45, whatever
// the size of the picture. That makes it look alike on a phone and on a wall, and cost next to nothing.

//
// `halo` is drawn three times: what is bright, blurred across, blurred upwards; a pass may read what it overwrites.
// `haze` goes on from there on fewer rows. Each pass counts its looks in a loop that has no turns in the others: an
// `if` would do on a graphics card, but a machine without one works out both of its sides.

// Only light above the threshold spills, and it sets in gradually: a hard threshold crawls along every gradient.
vec3 spilling(vec4 c) {
    float light = max(c.r, max(c.g, c.b));
    float soft = clamp((light - from + 0.2) / 0.4, 0.0, 1.0);
    float above = max(light - from, 0.2 * soft * soft);
    return c.rgb * (c.a * above / max(light, 0.001));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 pixel = 1.0 / RENDERSIZE;
    vec4 c = vec4(0.0);
    int n = PASSINDEX == 0 ? 16 : 0;
    for (int i = 0; i < n; i++) {           // sixteen looks within a pixel: a small lamp that moves must not blink
        vec2 o = (vec2(float(i % 4), float(i / 4)) - 1.5) * 0.25;
        c.rgb += spilling(IMG_NORM_PIXEL(inputImage, uv + o * pixel)) / 16.0;
    }
    // A bell curve along one direction. Bell curves come apart: one along x and then one along y are the round one,
    // and 2 * 17 looks do the work of 289. Their weights add up to 7.52.
    vec2 way = PASSINDEX == 1 || PASSINDEX == 3 ? vec2(pixel.x, 0.0) : vec2(0.0, pixel.y);
    n = PASSINDEX > 0 && PASSINDEX < 4 ? 17 : 0;
    for (int i = -8; i < n - 8; i++) c += exp(-0.055 * float(i * i)) * IMG_NORM_PIXEL(halo, uv + way * float(i)) / 7.52;
    n = PASSINDEX == 4 ? 17 : 0;
    for (int i = -8; i < n - 8; i++) c += exp(-0.055 * float(i * i)) * IMG_NORM_PIXEL(haze, uv + way * float(i)) / 7.52;
    if (PASSINDEX == 5) {
        c = IMG_THIS_PIXEL(inputImage);
        vec3 light = tint.rgb * glow * mix(1.6 * IMG_THIS_PIXEL(halo).rgb, 3.2 * IMG_THIS_PIXEL(haze).rgb, spread);
        light /= 1.0 + 0.5 * light;         // much light piles up ever more slowly, so a sun keeps its colour
        // Light is laid on as a second exposure is: it brightens, and never burns out. Beyond the edge of a
        // cut-out it makes its own alpha, so that the halo is seen over whatever lies below.
        vec3 lit = c.rgb * c.a + light * max(1.0 - c.rgb * c.a, 0.0);
        float a = min(1.0, c.a + (1.0 - c.a) * max(light.r, max(light.g, light.b)));
        c = vec4(a > 0.0 ? lit / a : c.rgb, a);
    }
    gl_FragColor = c;
}
