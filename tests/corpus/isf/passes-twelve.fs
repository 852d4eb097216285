/*{"PASSES": [{"TARGET": "t0", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t1", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t2", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t3", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t4", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t5", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t6", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t7", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t8", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t9", "WIDTH": "1", "HEIGHT": "1"}, {"TARGET": "t10", "WIDTH": "1", "HEIGHT": "1"}, {}]}*/
// size 8x4
// expect 0,0: 55 55 55 255
// Twelve passes, each 5 / 255 more than the one before: eleven of them, since the last shows what is there.
void main() {
    float before[12] = float[12](0.0, IMG_NORM_PIXEL(t0, vec2(0.5)).r, IMG_NORM_PIXEL(t1, vec2(0.5)).r, IMG_NORM_PIXEL(t2, vec2(0.5)).r, IMG_NORM_PIXEL(t3, vec2(0.5)).r, IMG_NORM_PIXEL(t4, vec2(0.5)).r, IMG_NORM_PIXEL(t5, vec2(0.5)).r, IMG_NORM_PIXEL(t6, vec2(0.5)).r, IMG_NORM_PIXEL(t7, vec2(0.5)).r, IMG_NORM_PIXEL(t8, vec2(0.5)).r, IMG_NORM_PIXEL(t9, vec2(0.5)).r, IMG_NORM_PIXEL(t10, vec2(0.5)).r);
    gl_FragColor = vec4(vec3(before[PASSINDEX] + (PASSINDEX < 11 ? 5.0 / 255.0 : 0.0)), 1.0);
}
