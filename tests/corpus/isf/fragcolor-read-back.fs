/*{}*/
// expect 0,0: 102 51 0 255
void main() { gl_FragColor = vec4(0.1, 0.1, 0.0, 1.0); gl_FragColor.rg += vec2(0.3, 0.1); gl_FragColor = gl_FragColor; }
