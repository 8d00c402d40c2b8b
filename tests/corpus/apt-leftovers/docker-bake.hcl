target "default" {
  dockerfile = "Dockerfile"
}
