/*{}*/
// expect 0,0: 0 0 0 0
void main() { gl_FragColor = vec4(1.0); if (isf_FragNormCoord.x < 2.0) discard; }
