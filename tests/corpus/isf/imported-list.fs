/*{"IMPORTED": [{"NAME": "im", "PATH": "../quarters.png"}, {"NAME": "own", "PATH": "pictures/half.png"}]}*/
// expect 0,0: 102 0 0 255
// warns 1
// A path that leaves the folder is one black pixel, and told. half.png is 1 × 1, (102, 0, 0).
void main() { gl_FragColor = IMG_NORM_PIXEL(own, vec2(0.5)) + vec4(IMG_NORM_PIXEL(im, vec2(0.25, 0.75)).rgb, 0.0); }
