void main() { isf_vertShaderInit(); gl_Position.y += up; }
