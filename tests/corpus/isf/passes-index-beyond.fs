/*{"PASSES": [{"TARGET": "a"}, {"TARGET": "b"}, {}]}*/
// size 8x4
// expect 0,0: 51 102 255 255
// The number of the last pass is beyond the table's end, and nought in a divisor in the first: neither is reached there,
// so that neither is an error, though the number is known when the program is compiled.
const float table[2] = float[2](0.2, 0.4);
void main() {
    if (PASSINDEX < 2) { gl_FragColor = vec4(table[PASSINDEX]); return; }
    int whole = PASSINDEX > 0 ? 2 / PASSINDEX : 0;
    gl_FragColor = vec4(IMG_THIS_PIXEL(a).r, IMG_THIS_PIXEL(b).g, float(whole), 1.0);
}
