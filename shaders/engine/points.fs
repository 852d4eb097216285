/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The points of a Python scene, as the stage has drawn them: light and how much of it covers.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "picture", "TYPE": "image"},
    {"NAME": "gain", "LABEL": "Brightness", "TYPE": "float", "MIN": 0.0, "MAX": 4.0, "DEFAULT": 1.0}
  ]
}*/

// The dots come with their colour weighed by their alpha, as sums must; a layer's picture has it straight.
void main() {
    vec4 sum = IMG_THIS_PIXEL(picture);
    float cover = clamp(sum.a, 0.0, 1.0);
    gl_FragColor = vec4(gain * sum.rgb / max(cover, 1e-4), cover);
}
