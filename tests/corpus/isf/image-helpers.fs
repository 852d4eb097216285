/*{"INPUTS": [{"NAME": "im", "TYPE": "image"}]}*/
// image im quarters.png
// expect 0,0: 255 0 0 255
// imgRect is the whole, flip is false, imgSize 2 × 2: red's centre once more.
void main() {
  vec2 at = vec2(0.25, 0.75) * _im_imgRect.zw + _im_imgRect.xy;
  gl_FragColor = _im_flip ? vec4(0.0) : texture2D(im, at) * _im_imgSize.x * 0.5;
}
