/*{"INPUTS": [{"NAME": "sample", "TYPE": "float", "DEFAULT": 0.2}]}*/
// expect 0,0: 51 102 0 255
struct half { float input; };
#define filter(x) (x)
float smooth(float buffer) { float shared = filter(buffer); return shared; }
void main() { half common = half(0.4); gl_FragColor = vec4(smooth(sample), common.input, 0.0, 1.0); }
