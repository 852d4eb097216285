/*{}*/
// expect 0,0: 0 0 0 0
// What is never written is nothing.
void main() { if (TIME > 1000.0) gl_FragColor = vec4(1.0); }
