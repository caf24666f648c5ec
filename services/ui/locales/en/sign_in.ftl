# Signing in and out, before anybody is known.
sign-in-title = Sign in
sign-in-heading = Sign in to Trama
sign-in-left = You have signed out
sign-in-demo = This is a demonstration: people, services and facts are invented.
sign-in-closed = The session in Trama is closed, in every tab of this browser.
sign-in-shared = If other people use this device, close your access to the identity service too:
sign-in-leave-there = sign out there as well
sign-in-choose = Choose as whom to sign in
sign-in-again = Sign in again
sign-in-enter = Sign in
sign-in-off = In this installation nobody signs in by pages.
sign-in-not-under-way = This sign-in is no longer valid: too much time has passed, it was used already, or it began in another window. Begin again from here.
sign-in-refused = The identity service did not confirm the sign-in. Try again; if it goes on, tell whoever runs the system.
sign-in-no-second-factor = These data need a second factor, and the identity service did not confirm one.
sign-in-too-many = Too many sign-ins came from your address in a short time. Wait a few seconds and begin again from here.
sign-in-unavailable = Signing in is not possible right now. Try again in a moment; if it goes on, tell whoever runs the system.
