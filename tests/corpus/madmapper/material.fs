/*{"INPUTS": [{"NAME": "mat_speed", "TYPE": "float", "MIN": 0.0, "MAX": 9.0, "DEFAULT": 6.0, "LABEL": "Move/Speed"},
  {"NAME": "mat_shape", "TYPE": "long", "VALUES": ["Smooth In", "Cut"], "DEFAULT": "Cut", "FLAGS": "generate_as_define"},
  {"NAME": "mat_range", "TYPE": "floatRange", "DEFAULT": [0.2, 0.4], "MIN": 0, "MAX": 1}],
"GENERATORS": [{"NAME": "mat_time", "TYPE": "time_base", "PARAMS": {"speed": "mat_speed", "speed_curve": 2, "link_speed_to_global_bpm": true}},
  {"NAME": "mat_twice", "TYPE": "multiplier", "PARAMS": {"value1": "mat_time", "value2": 2}}]}*/
// size 5x5
// frames 2
// expect 0,0: 153 230 51 255
// The time is 6² × 1/60 = 0.6; v runs upwards as everywhere; the range begins at 0.2. Twice the time is 1.2: alpha 1.
vec4 materialColorForPixel(vec2 texCoord) {
#ifdef mat_shape_IS_Cut
  return vec4(mat_time, texCoord.y, mat_range.x, mat_twice);
#else
  return vec4(0.0);
#endif
}
