/*{}*/
// expect 0,0: 51 0 0 255
// gl_FragData[0] by a number that is worked out.
void main() { int n = 0; gl_FragData[n] = vec4(0.2, 0.0, 0.0, 1.0); }
