/*{"PASSES": [{"TARGET": "a", "PERSISTENT": true, "FLOAT": true}, {}]}*/
// frames 3
// expect 0,0: 153 153 153 153
// From nothing, a fifth more with each of three frames.
void main() { gl_FragColor = PASSINDEX == 0 ? IMG_THIS_PIXEL(a) + 0.2 : IMG_THIS_PIXEL(a); }
