/*{"PASSES": [{"TARGET": "a", "WIDTH": "$WIDTH / 2", "HEIGHT": "1"}, {}]}*/
// size 5x1
// expect 0,0: 128 128 128 255
// expect 4,0: 0 0 0 0
// 2.5 stays 2.5 in RENDERSIZE and IMG_SIZE; the texture is rounded to 3, and as in the reference two columns are drawn:
// the third holds nothing. The first pixel reads 0.1 × 3 = 0.3 (the first column), the last 0.9 × 3 = 2.7 (the third).
void main() { gl_FragColor = PASSINDEX == 0 ? vec4(vec3(RENDERSIZE.x / 5.0), 1.0) : IMG_SIZE(a).x == 2.5 ? IMG_NORM_PIXEL(a, isf_FragNormCoord) : vec4(1.0, 0.0, 0.0, 1.0); }
