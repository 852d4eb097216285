/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A window in the rain: drops sit and run on the pane, each with the whole street upside down in it.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Weather"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "rain",  "LABEL": {"en": "How much rain", "fr": "Quantité de pluie"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "mist",  "LABEL": {"en": "Breath on the pane", "fr": "Buée sur la vitre"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7},
    {"NAME": "size",  "LABEL": {"en": "Size of the drops", "fr": "Taille des gouttes"}, "TYPE": "float", "MIN": 0.4, "MAX": 2.5, "DEFAULT": 1.0},
    {"NAME": "speed", "LABEL": {"en": "How fast they run", "fr": "Vitesse de course"}, "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 0.6}
  ],
  "PASSES": [
    {"TARGET": "breath", "WIDTH": "90 * $WIDTH / $HEIGHT", "HEIGHT": "90"},
    {}
  ]
}*/

// The pane is cut into cells, and each has one drop whose place, size and hour its number tells. The slope of a
// drop's surface says where we look through it; near its rim that is far over on the other side.

vec3 hash3(vec2 p) {                        // three numbers of one cell, without sine
    vec3 q = fract(vec3(p.xyx) * vec3(0.1031, 0.1030, 0.0973));
    q += dot(q, q.yxz + 33.33);
    return fract((q.xxy + q.yzz) * q.zyx);
}

// A drop of radius r at d: slope of its surface in .xy, and in .z how much of the point it covers.
vec3 drop(vec2 d, float r, float pixel) {
    float far = length(d);
    float cover = clamp(0.5 + (r - far) / pixel, 0.0, 1.0) * clamp(r / pixel - 0.5, 0.0, 1.0);   // none finer than a pixel
    float bent = far / max(r, 0.0001);
    return vec3(d / max(r, 0.0001) * (0.3 + 0.7 * bent * bent) * cover, cover);
}

// Drops that sit: they swell slowly, and one day are gone.
vec3 sitting(vec2 p, float t, float pixel) {
    vec2 cell = floor(p);
    vec3 h = hash3(cell);
    float age = fract(t * 0.045 + h.z * 7.0);
    float full = 0.09 + 0.27 * h.z * h.z;
    float r = full * step(h.x * 0.98, rain) * min(1.0, age * 5.0) * smoothstep(1.0, 0.9, age);
    vec2 d = p - cell - 0.5 - (h.xy - 0.5) * (0.9 - 2.2 * full);   // it keeps within its cell
    d.x += d.y * (h.y - 0.5) * 0.35;        // none is quite round
    return drop(d, r, pixel);
}

// Drops that run: each has a lane, hesitates, lets go, and leaves beads behind it and a wiped track (.w).
vec4 running(vec2 p, float t, float pixel) {
    float lane = floor(p.x);
    vec3 h = hash3(vec2(lane, 5.0));
    p.y += t * (0.25 + 0.3 * h.x) + h.y * 9.0;
    float row = floor(p.y / 5.0);
    h = hash3(vec2(lane, row));
    float go = step(h.x, rain * 0.9);
    float a = fract(t * 0.11 + h.z);
    float y = 1.0 + 2.6 * h.y - 0.9 * (a * a * (3.0 - 2.0 * a) - a) * 4.0;
    float x = 0.5 + (h.z - 0.5) * 0.18 + 0.10 * sin(p.y * 1.6 + h.x * 6.0) + 0.04 * sin(p.y * 4.3);
    vec2 d = vec2(p.x - lane - x, mod(p.y, 5.0) - y);
    float r = (0.17 + 0.09 * h.y) * go;
    vec3 head = drop(vec2(d.x, d.y * (d.y > 0.0 ? 0.62 : 1.0)), r, pixel);
    float above = smoothstep(0.0, 0.1, d.y) * smoothstep(5.0 - y, 1.0, d.y);
    float bead = fract(p.y * 2.3) - 0.5;
    vec3 tail = drop(vec2(d.x + 0.03 * sin(p.y * 11.0), bead / 2.3), r * 0.42 * above * (0.5 + 0.5 * fract(floor(p.y * 2.3) * 0.618)), pixel);
    float wiped = above * smoothstep(r * 0.75, r * 0.45, abs(d.x)) * go;
    return vec4(mix(tail, head, head.z).xy, max(head.z, tail.z), max(wiped, head.z));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    vec4 sum = vec4(0.0);
    int n = PASSINDEX == 0 ? 25 : 0;        // no turns in the other pass: cheaper than an `if` without a graphics card
    for (int i = 0; i < n; i++) {
        vec4 c = IMG_NORM_PIXEL(inputImage, uv + (vec2(float(i % 5), float(i / 5)) - 2.0) * 0.011 * tall);
        sum += vec4(c.rgb * c.a, c.a);
    }
    if (PASSINDEX == 0) {
        gl_FragColor = vec4(sum.rgb / max(sum.a, 0.001), sum.a / 25.0);
        return;
    }
    float t = TIME * speed;
    vec2 p = (uv - 0.5) / tall / size;
    float pixel = 1.0 / (RENDERSIZE.y * size);
    vec3 small = sitting(p * 24.0, t, 30.0 * pixel), large = sitting(p * 9.0 + 31.7, t, 11.0 * pixel);
    vec4 run = running(p * 6.5 + 3.3, t, 9.0 * pixel);
    small.xyz *= 1.0 - run.w * (1.0 - run.z);               // a running drop takes the others with it
    vec3 wet = large.z > 0.0 ? large : small;
    wet = run.z > 0.0 ? run.xyz : wet;
    float cover = wet.z * min(1.0, rain * 10.0);
    // Through a drop the world stands on its head: the further out, the further over to the other side.
    vec2 off = -wet.xy * 0.15 * size * tall;
    vec4 clear = IMG_NORM_PIXEL(inputImage, uv + off * cover);
    vec4 dim = IMG_THIS_PIXEL(breath);
    // Breath whitens a little and hides; where water stands or has run, we see through.
    float misted = mist * (1.0 - max(cover, run.w * 0.85 * min(1.0, rain * 10.0)));
    vec3 c = mix(clear.rgb, mix(dim.rgb, vec3(dot(dim.rgb, vec3(0.3, 0.6, 0.1))) * 0.8 + 0.16, 0.38), misted);
    float rim = dot(wet.xy, wet.xy);
    c *= 1.0 - cover * 0.55 * min(1.0, rim * rim);
    c += cover * (0.55 * smoothstep(0.55, 0.95, dot(wet.xy, vec2(-0.55, 0.84)) * 1.4) * (0.25 + dim.rgb));
    gl_FragColor = vec4(c, mix(clear.a, dim.a, misted));
}
