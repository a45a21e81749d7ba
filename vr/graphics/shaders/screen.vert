#version 330 core
// A rectangle in space, flat or a piece of a cylinder around +Z, as a strip of 32 columns without a vertex buffer.
// One source for both graphics: Vulkan runs what glslangValidator makes of it (screen.vert.spv), OpenGL the text.

#ifdef VULKAN
#extension GL_ARB_separate_shader_objects : enable
layout(push_constant) uniform Surface {
    mat4 to_clip;
    vec4 shape; // width and height in metres, angle of the cylinder (0: flat), 1 where alpha is not looked at
};
layout(location = 0) out vec3 place; // across and down the picture, and the least alpha
#define NUMBER gl_VertexIndex
#else
uniform mat4 to_clip;
uniform vec4 shape;
out vec3 place;
#define NUMBER gl_VertexID
#endif

const float COLUMNS = 32.0;

void main() {
    float u = float(NUMBER >> 1) / COLUMNS;
    float v = float(NUMBER & 1);
    vec3 point = vec3((u - 0.5) * shape.x, (0.5 - v) * shape.y, 0.0);
    if (shape.z > 0.0) {
        float radius = shape.x / shape.z;
        float turn = (u - 0.5) * shape.z;
        float half_sine = sin(turn * 0.5); // 1 - cos(turn) would lose the digits that matter
        point.x = sin(turn) * radius;
        point.z = 2.0 * half_sine * half_sine * radius;
    }
    gl_Position = to_clip * vec4(point, 1.0);
    place = vec3(u, v, shape.w);
}
