/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
// image inputImage quarters.png
// expect 0,0: 255 0 0 255
// Red's centre is 0.25, 0.75. Through a macro, a function with a sampler, a call within a call, and with a bias.
#define LOOK(s, p) IMG_NORM_PIXEL(s, p)
vec4 through(in sampler2D s, vec2 p) { return IMG_PIXEL(s, p * IMG_SIZE(s)); }
void main() {
  vec4 a = LOOK(inputImage, vec2(0.25, 0.75));
  vec4 b = through(inputImage, vec2(0.25, IMG_NORM_PIXEL(inputImage, vec2(0.25, 0.75)).r * 0.75));
  gl_FragColor = a * 0.5 + b * 0.25 + IMG_NORM_PIXEL(inputImage, vec2(0.25, 0.75), 0.0) * 0.25;
}
