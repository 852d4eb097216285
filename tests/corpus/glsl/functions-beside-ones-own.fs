/*{"INPUTS": [{"NAME": "a", "TYPE": "float", "DEFAULT": 0.2}]}*/
// expect 0,0: 51 102 0 255
// mod of whole numbers and round of one number are the artist's; of other types they stay GLSL's:
// mod(7, 3) = 1, mod(1.2, 1) = 0.2; round(0.3) is 0.4 here, round of the vector (1.4, 0.2) is (1, 0).
int mod(int a, int b) { return a - b * (a / b); }
float round(float x) { return 0.4; }
vec4 texture(sampler2D s, vec3 p) { return vec4(0.0); }
void main() { gl_FragColor = vec4(mod(1.0 + a, 1.0) * float(mod(7, 3)), round(0.3) * round(vec2(1.4, 0.2)).x, round(vec2(a)).y, max(1, 0)); }
