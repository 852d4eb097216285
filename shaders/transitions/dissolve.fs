/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A dissolve that light leads: the bright places change first, like day coming in, and the dark ones follow.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Dissolve"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "led",        "LABEL": {"en": "Led by: -1 shadows, 0 nothing, 1 lights", "fr": "Mené par : -1 ombres, 0 rien, 1 clartés"}, "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.8}
  ]
}*/

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

// A plain dissolve is two ghosts at half strength. Here each point has its own time, told by how bright it is in
// either picture, and is undecided only a short while: at no moment is the whole picture grey.
void main() {
    vec4 a = IMG_THIS_PIXEL(startImage), b = IMG_THIS_PIXEL(endImage);
    vec3 grey = vec3(0.30, 0.59, 0.11);
    float light = clamp(0.5 * (dot(a.rgb, grey) * a.a + dot(b.rgb, grey) * b.a) + 0.5 * max(dot(b.rgb, grey) * b.a, dot(a.rgb, grey) * a.a), 0.0, 1.0);
    float when = 0.5 - 0.5 * led * (2.0 * sqrt(light) - 1.0);      // 0 first, 1 last
    float slow = mix(1.0, 0.45, abs(led));                         // the share of the whole that one point takes
    float k = clamp((progress - when * (1.0 - slow)) / slow, 0.0, 1.0);
    gl_FragColor = between(a, b, k * k * (3.0 - 2.0 * k));
}
