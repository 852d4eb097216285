/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Parisian shutters: the slats close on one scene, and open on another. Daylight comes through between them.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Wipe"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "slats",      "LABEL": {"en": "Slats", "fr": "Lames"}, "TYPE": "float", "MIN": 4.0, "MAX": 40.0, "DEFAULT": 16.0},
    {"NAME": "leaves",     "LABEL": {"en": "Leaves, side by side", "fr": "Battants, côte à côte"}, "TYPE": "float", "MIN": 1.0, "MAX": 6.0, "DEFAULT": 2.0},
    {"NAME": "paint",      "LABEL": {"en": "Paint", "fr": "Peinture"}, "TYPE": "color", "DEFAULT": [0.56, 0.62, 0.63, 1.0]}
  ]
}*/

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

// A slat turns about its middle: edge on we look past it, flat it fills its place. Each turns a moment after the one
// above it, as when a hand pulls the rod; all are shut in the middle of the way, and there the scene is changed.
void main() {
    vec2 uv = isf_FragNormCoord;
    float n = floor(slats + 0.5), m = floor(leaves + 0.5);
    float leaf = floor(uv.x * m), row = floor((1.0 - uv.y) * n);
    float late = 0.22 * (row + 0.5) / n + 0.06 * hash(vec2(leaf, 4.0));
    // 0 open on the first scene, 1 shut, 2 open on the next; each slat takes its own part of the way.
    float t = clamp((progress * 1.28 - late), 0.0, 1.0) * 2.0;
    float shut = smoothstep(0.0, 0.97, t < 1.0 ? t : 2.0 - t);
    float turn = pow(shut, 1.5) * 1.5707963;
    float half_ = 0.5 * sin(turn) * 1.04;                    // how much of its place the slat takes; they overlap a little
    float y = fract((1.0 - uv.y) * n) - 0.5;                 // within the place, downwards
    float pixel = n / RENDERSIZE.y;
    float on = clamp(0.5 + (half_ - abs(y)) / pixel, 0.0, 1.0) * step(0.004, shut);

    vec4 seen = t < 1.0 ? IMG_THIS_PIXEL(startImage) : IMG_THIS_PIXEL(endImage);
    // Light falls in over the slats: the scene behind glows on their upper faces, taken where each slat leans.
    vec2 there = vec2(uv.x, 1.0 - (row + 0.5) / n);
    vec4 day = t < 1.0 ? IMG_NORM_PIXEL(startImage, there) : IMG_NORM_PIXEL(endImage, there);
    float face = half_ > 0.0 ? clamp(y / half_, -1.0, 1.0) : 0.0;
    float round_ = 0.80 + 0.20 * sqrt(max(0.0, 1.0 - face * face)) - 0.22 * face;
    vec3 wood = paint.rgb * (0.985 + 0.03 * hash(vec2(floor(uv.x * RENDERSIZE.x / RENDERSIZE.y * 90.0), row)));
    wood *= round_ * mix(0.62, 0.86, shut) * (0.94 + 0.06 * hash(vec2(row, leaf)));
    wood += day.rgb * day.a * ((1.0 - shut) * 0.30 * smoothstep(1.0, -1.0, face) + 0.75 * smoothstep(-0.80, -1.0, face));
    // Between two slats there is shade just below the upper one.
    float shade = 0.35 * min(1.0, shut * 2.0) * smoothstep(0.25, 0.0, y + 0.5 - (0.5 - half_)) * step(y, 0.0);
    seen.rgb *= 1.0 - 0.45 * shut - shade * (1.0 - on) * 0.5;

    // The stiles: upright frame of each leaf. They come with the slats and go with them.
    float frame = 0.012 * smoothstep(0.02, 0.35, progress) * smoothstep(0.98, 0.65, progress);
    float wide = min(fract(uv.x * m), 1.0 - fract(uv.x * m)) / m * RENDERSIZE.x / RENDERSIZE.y;
    float stile = clamp(0.5 + (frame - wide) * RENDERSIZE.y, 0.0, 1.0) * step(0.0008, frame);
    vec3 post = paint.rgb * (0.70 + 0.25 * smoothstep(frame, 0.0, wide));
    vec3 c = mix(mix(seen.rgb, wood, on), post, stile);
    gl_FragColor = vec4(c, mix(seen.a, 1.0, max(on, stile)));
}
