/*{}*/
// size 5x5
// expect 0,0: 25 230 25 230
// expect 4,4: 230 25 230 25
// Centres of five pixels are 0.1, 0.3 …; the top row is the last of GL: y = 0.9 there. Both old and new names.
void main() { gl_FragColor = vec4(isf_FragNormCoord, vv_FragNormCoord); }
