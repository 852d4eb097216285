/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The scene is a letter: it is folded away in three, and the next one lies under it.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Paper"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "paper",      "LABEL": {"en": "Back of the paper", "fr": "Verso du papier"}, "TYPE": "color", "DEFAULT": [0.94, 0.91, 0.84, 1.0]},
    {"NAME": "show",       "LABEL": {"en": "How far the picture shows through the back", "fr": "Ce qui transparaît au verso"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.28}
  ]
}*/

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

// A sheet that is turned up goes over a rod that nobody sees: below the rod there is already the next scene, on it the
// paper bends, and above it lies its back, as much as has been turned up, but no more than a third of the picture:
// there a letter is folded again.
void main() {
    vec2 uv = isf_FragNormCoord;
    float ease = progress * progress * (3.0 - 2.0 * progress);
    float r = 0.055 * smoothstep(0.0, 0.05, progress) + 0.0005;
    float rod = ease * (1.08 + 2.0 * r) - r;                 // climbs from below the frame to beyond it
    // The rod leans, as if one hand were ahead of the other, and rights itself.
    float lean = (uv.x - 0.5) * 0.16 * (1.0 - ease) * smoothstep(0.0, 0.1, progress);
    float y = uv.y - lean * smoothstep(0.0, 0.2, ease);
    float h = y - rod;                                       // above the rod's axis
    vec4 start = IMG_THIS_PIXEL(startImage), end = IMG_THIS_PIXEL(endImage);
    float pixel = 1.0 / RENDERSIZE.y;

    // Below the rod the next scene, and on it the shadow of the roll.
    float under = clamp(0.5 - (h + r) / pixel, 0.0, 1.0);
    end.rgb *= 1.0 - 0.5 * exp(min(h + r, 0.0) * 16.0) * (1.0 - ease) * under;
    // How far along the sheet we are from where it leaves the ground, round the rod and flat again.
    float turned = asin(clamp(h / r, -1.0, 1.0));            // -quarter turn at its lowest point
    float came = h < r ? r * (turned + 1.5707963) : r * 3.1415927 + (h - r);
    float length_ = min(max(rod, 0.0) + 0.02, 0.34);
    float back = clamp(0.5 + (length_ + 3.1415927 * r - came) / pixel, 0.0, 1.0) * step(0.0, rod + r);
    float at = clamp(rod - came + r * 1.5707963, 0.0, 1.0);  // the height on the sheet whose back we see
    vec3 through = IMG_NORM_PIXEL(startImage, vec2(uv.x, at)).rgb;
    float light = h < r ? 0.62 + 0.38 * sin(clamp(turned + 1.2, 0.0, 1.5707963)) : 0.93 + 0.07 * exp((r - h) * 20.0);
    vec4 leaf = vec4(mix(paper.rgb, paper.rgb * (0.4 + 0.6 * through), show) * light, start.a > 0.0 ? 1.0 : 0.0);
    // The free edge throws a shadow on the front, thin where it lies close.
    float beyond = came - length_ - 3.1415927 * r;
    start.rgb *= 1.0 - 0.35 * exp(-max(beyond, 0.0) * 30.0) * step(0.0, h) * smoothstep(0.0, 0.06, ease) * (1.0 - smoothstep(0.9, 1.0, ease));

    vec4 c = between(start, leaf, back);
    float k = progress <= 0.0 ? 0.0 : progress >= 1.0 ? 1.0 : under;
    gl_FragColor = progress <= 0.0 ? start : between(c, end, k);
}
