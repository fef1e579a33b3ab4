// — core
