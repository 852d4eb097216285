/*{"IMPORTED": {"own": {"PATH": "pictures/half.png"}, "gone": {"PATH": "nowhere.png"}, "torn": {"PATH": "pictures/torn.png"}}}*/
// expect 0,0: 102 51 51 255
// warns 2
// What is not there, or cannot be decoded, is 1 × 1: a fifth of 5.
void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(own).r, IMG_SIZE(gone).x / 5.0, IMG_SIZE(torn).y / 5.0, 1.0); }
