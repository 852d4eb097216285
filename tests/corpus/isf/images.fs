/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
// size 4x2
// image inputImage quarters.png
// expect 0,0: 255 0 0 255
// expect 3,0: 0 255 0 255
// expect 0,1: 0 0 255 255
// expect 3,1: 255 255 255 255
// The picture is 2 × 2: red, green above blue, white. Corners of the output read the centres of its pixels.
void main() {
  vec2 at = floor(isf_FragNormCoord * 2.0) + 0.5;
  vec4 c = IMG_PIXEL(inputImage, at);
  gl_FragColor = IMG_SIZE(inputImage) == vec2(2.0) && c == IMG_NORM_PIXEL(inputImage, at / 2.0) ? c : vec4(0.0);
}
