/*{"INPUTS": [{"NAME": "n", "TYPE": "float", "MAX": 9, "MIN": 0, "DEFAULT": 2}, {"NAME": "im", "TYPE": "image"}],
"PASSES": [{"TARGET": "a", "WIDTH": "floor($WIDTH / n)", "HEIGHT": "max($HEIGHT_im, 3)"}, {"TARGET": "b", "WIDTH": 3, "HEIGHT": 2.0}, {}]}*/
// size 8x4
// image im quarters.png
// expect 0,0: 51 38 77 51
// a is 4 × 3 (the picture's height is 2), b 3 × 2: in twentieths 0.2, 0.15; in tenths 0.3, 0.2.
void main() { gl_FragColor = vec4(IMG_SIZE(a) / 20.0, IMG_SIZE(b) / 10.0); }
