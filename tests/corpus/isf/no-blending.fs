/*{}*/
// expect 0,0: 255 255 255 51
// Alpha is written as it is.
void main() { gl_FragColor = vec4(1.0, 1.0, 1.0, 0.2); }
