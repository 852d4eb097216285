/*{}*/
// size 5x5
// expect 0,0: 25 230 0 255
void main() { gl_FragColor = vec4(gl_TexCoord[0].xy, 0.0, 1.0) * gl_Color; }
